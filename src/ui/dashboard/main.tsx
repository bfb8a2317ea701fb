import { keyState } from '../shared/key.ts';
import { KeyChip } from '../shared/key-chip.tsx';
import { mount } from '../shared/mount.ts';
import { PageFrame } from '../shared/page-frame.tsx';
import { SignIn } from '../shared/sign-in.tsx';
import { SignOut } from '../shared/sign-out.tsx';

function DashboardPage() {
  const { kind } = keyState.value;
  const end = (
    <>
      <KeyChip />
      <SignOut />
    </>
  );
  const isSignedIn = kind === 'valid' || kind === 'unproven';
  return (
    <PageFrame here="/dashboard" end={end} still="What is shown may be old.">
      {isSignedIn ? <h1>Dashboard</h1> : <SignIn />}
    </PageFrame>
  );
}

mount(<DashboardPage />);
