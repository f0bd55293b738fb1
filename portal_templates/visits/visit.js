// One visit, and cancelling it with a reason.
import {ask} from '../shell/api.js';
import {$, fill, focusOn, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {openSignIn} from '../accounts/sign_in.js';
import {fillVisit, showVisit} from './showing.js';

const dialog = $('#cancelling'), told = $('#told');
let visit;

const tell = (title, detail, kind) => {
  fill(told, {title, detail});
  told.classList.toggle('is-warn', kind === 'warn');
  show(told);
};

const cutoffOf = () => {
  if (visit.past) return word('is-past');
  if (!visit.canCancel) return word('cannot-cancel');
  const late = Date.parse(visit.cancelBy.at) < Date.now();
  return word(late ? 'cancel-late' : 'cancel-by', {when: visit.cancelBy.label});
};

const draw = found => {
  visit = found;
  const cancelled = visit.status === 'cancelled', open = !cancelled && !visit.past;
  fillVisit(visit);
  $('#visit').classList.toggle('is-cancelled', cancelled);
  show($('#beside'));
  show($('#note'), Boolean(visit.note));
  fill($('#note'), {note: visit.note});
  show($('#cutoff'), !cancelled);
  fill(document, {cutoff: cutoffOf()});
  show($('#calendar'), open);
  show($('#cancel'), open && visit.canCancel);
  show($('#again'), !open);
  show($('#print'), !cancelled);
  if (cancelled) for (const id of ['wanted', 'asked']) show($(`#${id}`), false);
  if (cancelled) {
    const reason = visit.cancelationReason && word('cancelled-reason', {reason: visit.cancelationReason});
    tell(word('cancelled'), reason || word('cancelled-more'));
  }
};

const reload = async () => draw(await ask(`appointments/${encodeURIComponent(visit.id)}`));

const fail = text => {
  const failed = $('#cancel-failed');
  failed.textContent = text;
  show(failed);
};

// Closes the dialog with the news in the page.
const close = news => {
  dialog.close();
  news();
  focusOn(told);
};

// Nobody is signed in any more; the reason that was typed stays.
const cover = () => {
  if (dialog.open) dialog.close();
  show($('#visit'), false);
  show($('#beside'), false);
  show($('#wanted'), false);
  show($('#asked'), false);
  show(told, false);
};
document.addEventListener('signed-out', cover);

const cancel = async () => {
  const reason = $('#reason').value.trim();
  try {
    const now = await ask(`appointments/${encodeURIComponent(visit.id)}/cancel`, {
      send: reason ? {reason} : {}, headers: {'If-Match': `"${visit.version}"`},
    });
    close(() => draw(now));
  } catch (problem) {
    if (!problem.type) throw problem;
    if (problem.status === 401) {
      cover();
      return openSignIn({reason: word('signed-out')});
    }
    if (problem.status === 412) {
      await reload().catch(() => {});
      return close(() => { if (visit.status !== 'cancelled') tell(word('changed'), word('changed-more'), 'warn'); });
    }
    fail(reasonOf(problem));
  }
};

let busy = false;
$('#cancel-form').addEventListener('submit', async event => {
  event.preventDefault();
  if (busy) return;
  busy = true;
  show($('#cancel-failed'), false);
  $('#cancel-yes').setAttribute('aria-disabled', 'true');
  await cancel().finally(() => {
    busy = false;
    $('#cancel-yes').removeAttribute('aria-disabled');
  });
});
$('#cancel').addEventListener('click', () => {
  show($('#cancel-failed'), false);
  fill(dialog, {label: visit.label, late: cutoffOf()});
  dialog.showModal();
});
$('#cancel-no').addEventListener('click', () => dialog.close());
$('#print').addEventListener('click', () => print());

showVisit((found, focus) => {
  show(told, false);
  draw(found);
  if (focus) focusOn($('h1'));
});
