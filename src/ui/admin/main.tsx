import { Icon } from '../shared/icons.tsx';
import { mount } from '../shared/mount.ts';
import { PageFrame } from '../shared/page-frame.tsx';
import { AdminSignIn } from './admin-sign-in.tsx';
import { Keeping } from './keeping.tsx';
import { forget, secretState } from './secret.ts';

function AdminPage() {
  const isOpen = secretState.value.kind === 'present';
  const end = isOpen && (
    <button type="button" class="button" onClick={() => forget()}>
      <Icon name="leave" />
      Lock
    </button>
  );
  return (
    <PageFrame here="/admin" end={end} still="Nothing can be changed now.">
      {isOpen ? <Keeping /> : <AdminSignIn />}
    </PageFrame>
  );
}

mount(<AdminPage />);
