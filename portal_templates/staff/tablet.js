// Handing over the clinic's tablet: a code that opens it for this visit's patient, once.
import {$, fill, focusOn, say, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {work} from './frame.js';

const dialog = $('#tablet');
$('#tablet-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => fill(dialog, {code: ''}));  // it is shown once

export const handOver = async visit => {
  show($('#tablet-failed'), false);
  fill(dialog, {code: '', how: ''});
  dialog.showModal();
  focusOn($('#tablet-title'));
  try {
    const {code, minutes, address} = await work(`appointments/${encodeURIComponent(visit)}/kiosk`, {send: {}});
    fill(dialog, {code, how: word('tablet-how', {address, minutes})});
    say(code.split('').join(' '));
  } catch (problem) {
    if (!problem.type) throw problem;
    $('#tablet-failed').textContent = reasonOf(problem);
    show($('#tablet-failed'));
  }
};
