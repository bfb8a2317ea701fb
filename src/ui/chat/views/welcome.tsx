import { focusPrompt } from '../shortcuts.ts';
import { drafted } from './composer.tsx';

const IDEAS = [
  'What does a 429 mean, and what should my program do?',
  'Write a haiku about a key that turns every week.',
  'Compare REST and GraphQL in a table.',
];

/** What an empty conversation shows. */
export function Welcome() {
  return (
    <div class="welcome">
      <p class="greeting">What would you like to know?</p>
      <ul>
        {IDEAS.map((idea) => (
          <li key={idea}>
            <button
              type="button"
              class="button"
              onClick={() => {
                drafted.value = idea;
                focusPrompt();
              }}
            >
              {idea}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
