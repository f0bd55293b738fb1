// The clinic's tablet between two patients: whoever was here before is gone, and the desk's code lets the next one in.
import {ask, here} from '../shell/api.js';
import {$, askToRetry, focusOn, show} from '../shell/dom.js';
import {onSubmit, reasonOf} from '../shell/form.js';
import {emptied, HANDED_BACK} from './tablet.js';

// A session of a tablet ends when this page is opened, whoever opens it.
const begin = async () => {
  await emptied().catch(() => {});
  for (;;) {
    try {
      const {kiosk} = await ask('session');
      if (kiosk) await ask('sign-out', {send: {}});
      return;
    } catch (problem) {
      if (!problem.type) throw problem;
      if (problem.status === 401) return;
      await askToRetry(reasonOf(problem));
    }
  }
};

if (location.hash === HANDED_BACK) {
  show($('#over'));
  focusOn($('#over'));
}
const ready = begin();
onSubmit($('#kiosk-form'), async answers => {
  await ready;
  const {kiosk} = await ask('kiosk', {send: {code: answers.get('code').trim()}});
  $('#code').value = '';
  location.replace(`${here.home}forms/?visit=${encodeURIComponent(kiosk)}`);
});
