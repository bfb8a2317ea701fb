import { mount } from '../shared/mount.ts';
import { openDesk } from './conversation/desk.ts';
import { ChatPage } from './views/chat-page.tsx';

openDesk();
mount(<ChatPage />);
