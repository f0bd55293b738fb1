// The last two minutes of a session: a warning, one tap to stay, and what follows when nobody answers. Tabs agree with each other.
// It comes late and is handed the way to the system, which loads it, so that neither of the two needs the other to begin.
import {$, say, show, word} from './dom.js';

const WARNED = 130;  // seconds; with more than these left nobody is asked
const dialog = $('#idle');
let ends, ticking, way;

const close = () => {
  clearInterval(ticking);
  if (dialog.open) dialog.close();
};

const tick = () => {
  const left = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  $('#idle-clock').textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
  if (left) return;
  clearInterval(ticking);
  look(true);
};

// How long there really is: another tab may have been busy. Without an answer the page's own clock counts.
const look = async late => {
  const {signedIn, idleSeconds} = await way.look().catch(() => ({signedIn: !late, idleSeconds: late ? 0 : 120}));
  if (!signedIn || idleSeconds < 1) return way.signedOut();
  if (idleSeconds > WARNED) return close();
  ends = Date.now() + idleSeconds * 1000;
  clearInterval(ticking);
  ticking = setInterval(tick, 500);
  tick();
  if (dialog.open) return;
  show($('#idle-failed'), false);
  dialog.showModal();
  $('#idle-stay').focus();
  say($('#idle-text').textContent);
};

const stay = async () => {
  try {
    const {idleSeconds} = await way.extend();
    way.tabs.postMessage({idleSeconds});
    close();
  } catch (problem) {
    if (!problem.type) throw problem;
    if (problem.status === 401) return way.signedOut();
    $('#idle-failed').textContent = word(problem.type === 'unreachable' ? 'unreachable' : 'try-again');
    show($('#idle-failed'));
  }
};

dialog.addEventListener('cancel', event => { event.preventDefault(); stay(); });
$('#idle-stay').addEventListener('click', stay);
$('#idle-leave').addEventListener('click', async () => {
  await way.leave().catch(() => {});
  way.tabs.postMessage('signed-out');
  way.signedOut();
});

const begin = given => {
  way = given;
  // Nobody is signed in any more, here or in another tab: pages cover or ask as they see fit.
  document.addEventListener('signed-out', () => {
    close();
    way.endsIn(Infinity);
  });
  way.tabs.addEventListener('message', ({data}) => {
    if (!data.idleSeconds) return;
    way.endsIn(data.idleSeconds);
    close();
  });
};

export const lookAfter = given => {
  if (!way) begin(given);
  return dialog.open ? undefined : look(false);
};
