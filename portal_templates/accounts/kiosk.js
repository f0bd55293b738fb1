// The clinic's tablet between two patients: whoever was here before is gone, and the desk's code lets the next one in.
import {ask, here, tabs} from '../shell/api.js';
import {$, askToRetry, focusOn, show} from '../shell/dom.js';
import {onSubmit, reasonOf} from '../shell/form.js';
import {emptied, HANDED_BACK, MARK} from './tablet.js';

// Whoever was told in another tab comes here when all is over, perhaps late: the next patient's session is not theirs to end.
const over = location.hash === HANDED_BACK;

// Else a session of a tablet ends when this page is opened, whoever opens it; in a browser that is none, nothing is touched.
const begin = async () => {
  const held = sessionStorage.getItem(MARK);
  if (held) await emptied(held);
  if (over) return;
  for (;;) {
    try {
      const {kiosk} = await ask('session');
      if (!kiosk) return;
      await emptied(kiosk);
      await ask('sign-out', {send: {}});
      tabs.postMessage('signed-out');
      return;
    } catch (problem) {
      if (!problem.type) throw problem;
      if (problem.status === 401) return;
      await askToRetry(reasonOf(problem));
    }
  }
};

const ready = begin();
if (over) {
  show($('#over'));
  focusOn($('#over'));
}
onSubmit($('#kiosk-form'), async answers => {
  await ready;
  const {kiosk} = await ask('kiosk', {send: {code: answers.get('code').trim()}});
  $('#code').value = '';
  sessionStorage.setItem(MARK, kiosk);
  tabs.postMessage('signed-out');
  location.replace(`${here.home}forms/?visit=${encodeURIComponent(kiosk)}`);
});
