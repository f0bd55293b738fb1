// The confirmation of the visit that the address names.
import {ask} from '../shell/api.js';
import {$, fill, focusOn, show, word} from '../shell/dom.js';
import {showVisit} from '../visits/showing.js';

showVisit(async visit => {
  show($('#after'));
  show($('#beside'));
  if (visit.canCancel && Date.parse(visit.cancelBy.at) > Date.now()) fill($('#cutoff'), {cutoff: word('cancel-by', {when: visit.cancelBy.label})});
  const overlap = sessionStorage.getItem('overlap');
  sessionStorage.removeItem('overlap');
  if (overlap) fill($('#overlap'), {overlap: word('overlap', {when: overlap})});
  show($('#overlap'), Boolean(overlap));
  focusOn($('#done-head h1'));
  const {email} = await ask('session').catch(() => ({}));
  if (email) fill(document, {mailed: word('mailed-to', {email})});
});
