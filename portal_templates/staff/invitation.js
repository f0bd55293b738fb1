// Accepting an invitation. Its handle stands behind the # of the mailed address and is gone from there at once.
import {call} from '../shell/api.js';
import {$, focusOn, show, word} from '../shell/dom.js';
import {onSubmit} from '../shell/form.js';

const given = new URLSearchParams(location.hash.slice(1));
const clinic = given.get('c') ?? '', handle = given.get('h') ?? '';
const anew = !handle && history.state === 'link';  // loaded once more, or come back to
history.replaceState(handle ? 'link' : history.state, '', location.pathname);  // the handle stays with this page, not with the browser's history

const only = id => {
  for (const one of ['accept', 'known', 'gone', 'anew']) show($(`#${one}`), one === id);
  if (id !== 'accept') focusOn($(`#${id}`));
};

const introduce = async () => {
  const found = await call(`/api/clinics/${encodeURIComponent(clinic)}`).catch(() => null);
  $('#who').textContent = found ? word('invited-by', {clinic: found.name}) : word('invited');
};

onSubmit($('#accept'), async () => {
  try {
    const session = await call('/api/staff/invitation/accept', {send: {clinic, handle}});
    if (session.signedIn) location.replace('/set-up/');
    else only('known');
  } catch (problem) {
    if (problem.unsure || problem.status === 429 || !problem.type) throw problem;
    only('gone');
  }
});

if (clinic && handle) introduce();
else {
  $('#who').textContent = '';
  only(anew ? 'anew' : 'gone');
}
addEventListener('hashchange', () => location.reload());  // another mail's link, in the same tab
