// Getting back in: asking for it, and finishing with the mailed link once a manager has said yes.
import {call} from '../shell/api.js';
import {$, $$, focusOn, show} from '../shell/dom.js';
import {onSubmit} from '../shell/form.js';

const EVERY = 15_000;  // milliseconds between two looks while the page is in sight
const given = new URLSearchParams(location.hash.slice(1));
const clinic = given.get('c'), handle = given.get('h');
const anew = !handle && history.state === 'link';  // loaded once more, or come back to
history.replaceState(handle ? 'link' : history.state, '', location.pathname);  // the handle stays with this page, not with the browser's history
let looking;

const only = (id, focus = true) => {
  clearInterval(looking);
  for (const one of ['ask', 'sent', 'finish', 'approval', 'gone', 'anew']) show($(`#${one}`), one === id);
  if (focus) focusOn($(`#${id} h2`));
};

const finish = async () => {
  try {
    await call('/api/staff/recovery/finish', {send: {clinic, handle}});
    location.replace('/set-up/');
  } catch (problem) {
    if (problem.type === 'waiting-for-approval') return waitForApproval();
    if (problem.unsure || problem.status === 429 || !problem.type) throw problem;
    only('gone');
  }
};

const waitForApproval = () => {
  if ($('#approval').hidden) only('approval');
  clearInterval(looking);
  looking = setInterval(() => { if (!document.hidden) finish().catch(() => {}); }, EVERY);
};

onSubmit($('#email-form'), async answers => {
  await call('/api/staff/recovery/start', {send: {email: answers.get('email').trim()}});
  only('sent');
});
onSubmit($('#finish-form'), finish);
onSubmit($('#look-form'), finish);
for (const button of $$('[data-do=afresh]')) {
  button.addEventListener('click', () => {
    history.replaceState(null, '');
    only('ask', false);
    $('#email').focus();
  });
}
only(clinic && handle ? 'finish' : anew ? 'anew' : 'ask', anew);
addEventListener('hashchange', () => location.reload());  // another mail's link, in the same tab
