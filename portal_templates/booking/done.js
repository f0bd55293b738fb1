// The confirmation of the visit that the address names.
import {ask} from '../shell/api.js';
import {$, fill, focusOn, show, word} from '../shell/dom.js';
import {showVisit} from '../visits/showing.js';

showVisit(async visit => {
  show($('#after'));
  if (visit.cancelBy && visit.canCancel && !visit.late) fill($('#cutoff'), {cutoff: word('cancel-by', {when: visit.cancelBy.label})});
  focusOn($('#done-head h1'));
  const {email} = await ask('session').catch(() => ({}));
  if (email) fill(document, {mailed: word('mailed-to', {email})});
});
