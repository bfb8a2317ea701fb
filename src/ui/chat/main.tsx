import { useEffect } from 'preact/hooks';
import { callWithKey, keyState } from '../shared/key.ts';
import { KeyChip } from '../shared/key-chip.tsx';
import { mount } from '../shared/mount.ts';
import { PageFrame } from '../shared/page-frame.tsx';
import { SignIn } from '../shared/sign-in.tsx';
import { SignOut } from '../shared/sign-out.tsx';

/** Until the page has more to ask, it asks whether the key still holds. */
function Proven() {
  useEffect(() => {
    void callWithKey('/api/models').catch(() => undefined);
  }, []);
  return <h1>Chat</h1>;
}

function ChatPage() {
  const { kind } = keyState.value;
  const end = (
    <>
      <KeyChip />
      <SignOut />
    </>
  );
  const isSignedIn = kind === 'valid' || kind === 'unproven';
  return (
    <PageFrame here="/" end={end} still="Sending waits until it is back.">
      {isSignedIn ? <Proven /> : <SignIn />}
    </PageFrame>
  );
}

mount(<ChatPage />);
