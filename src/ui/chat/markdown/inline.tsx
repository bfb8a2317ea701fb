import type { MarkedToken, Token } from 'marked';
import { type ComponentChildren, h } from 'preact';
import { plainText } from './plain-text.ts';
import { TextWithSeams, withoutMarks } from './seam.tsx';

/** Tags that models write amid their text. Without attributes, in pairs; any other tag is text. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ['b', 'strong'],
  ['strong', 'strong'],
  ['i', 'em'],
  ['em', 'em'],
  ['u', 'u'],
  ['s', 's'],
  ['sub', 'sub'],
  ['sup', 'sup'],
  ['kbd', 'kbd'],
  ['mark', 'mark'],
  ['small', 'small'],
  ['code', 'code'],
] as const);

/** Words, links and emphasis within a block. */
export function Inline({ tokens = [] }: { readonly tokens?: readonly Token[] | undefined }) {
  const shown: ComponentChildren[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index] as MarkedToken;
    const end = token.type === 'html' ? closingTag(tokens, index) : undefined;
    if (end === undefined) shown.push(<One key={index} token={token} />);
    else {
      const name = PAIRS.get(nameOf(token.raw)) ?? 'span';
      const within = <Inline tokens={tokens.slice(index + 1, end)} />;
      shown.push(h(name, { key: index }, within));
      index = end;
    }
  }
  return <>{shown}</>;
}

function One({ token }: { readonly token: MarkedToken }) {
  switch (token.type) {
    case 'strong':
      return (
        <strong>
          <Inline tokens={token.tokens} />
        </strong>
      );
    case 'em':
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      );
    case 'del':
      return (
        <s>
          <Inline tokens={token.tokens} />
        </s>
      );
    case 'codespan':
      return (
        <code>
          <TextWithSeams text={token.text} />
        </code>
      );
    case 'br':
      return <br />;
    case 'checkbox':
      return <input type="checkbox" checked={token.checked} disabled aria-label="Task" />;
    case 'link':
      return (
        <Link href={token.href}>
          <Inline tokens={token.tokens} />
        </Link>
      );
    case 'image':
      // Shown, it would tell its server who reads what.
      return <Link href={token.href}>{`Picture: ${token.text || token.href}`}</Link>;
    case 'html':
      return /^<br\s*\/?>$/i.test(token.raw.trim()) ? <br /> : <TextWithSeams text={token.raw} />;
    case 'text':
      if (token.tokens) return <Inline tokens={token.tokens} />;
      return <TextWithSeams text={plainText(token.text)} />;
    default:
      return <TextWithSeams text={'text' in token ? token.text : token.raw} />;
  }
}

type LinkProps = { readonly href: string; readonly children: ComponentChildren };

/** Leads to a web or mail address; any other scheme stays text. */
function Link({ href, children }: LinkProps) {
  const address = withoutMarks(plainText(href)).trim();
  if (!/^(https?:\/\/|mailto:)/i.test(address)) return <>{children}</>;
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function nameOf(tag: string): string {
  return /^<([a-z]+)>$/i.exec(tag)?.[1]?.toLowerCase() ?? '';
}

function closingTag(tokens: readonly Token[], start: number): number | undefined {
  const name = nameOf(tokens[start]?.raw ?? '');
  if (!PAIRS.has(name)) return undefined;
  const closing = `</${name}>`;
  const end = tokens.findIndex(
    ({ type, raw }, index) => index > start && type === 'html' && raw.toLowerCase() === closing,
  );
  return end < 0 ? undefined : end;
}
