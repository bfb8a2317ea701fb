import { timeOfDay } from '../shared/format.ts';
import { isSignedIn } from '../shared/key.ts';
import { KeyChip } from '../shared/key-chip.tsx';
import { mount } from '../shared/mount.ts';
import { PageFrame } from '../shared/page-frame.tsx';
import { SignIn } from '../shared/sign-in.tsx';
import { SignOut } from '../shared/sign-out.tsx';
import { BoardPage } from './board-page.tsx';
import { board } from './live.ts';

function DashboardPage() {
  const end = (
    <>
      <KeyChip />
      <SignOut />
    </>
  );
  const heardAt = board.value?.heardAt;
  const still =
    heardAt === undefined
      ? 'There is nothing to show yet.'
      : `What is shown is from ${timeOfDay(heardAt)}.`;
  return (
    <PageFrame here="/dashboard" end={end} still={still}>
      {isSignedIn.value ? <BoardPage /> : <SignIn />}
    </PageFrame>
  );
}

mount(<DashboardPage />);
