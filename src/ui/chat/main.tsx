import { mount } from '../shared/mount.ts';
import { keepBeginnings } from './conversation/ask.ts';
import { openDesk } from './conversation/desk.ts';
import { ChatPage } from './views/chat-page.tsx';

openDesk();
document.addEventListener('visibilitychange', () => void keepBeginnings());
mount(<ChatPage />);
