import { mount } from '../shared/mount.ts';
import { PageFrame } from '../shared/page-frame.tsx';

function AdminPage() {
  return (
    <PageFrame here="/admin" still="Nothing can be changed now.">
      <h1>Admin</h1>
    </PageFrame>
  );
}

mount(<AdminPage />);
