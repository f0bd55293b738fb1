// Names who is signed in on the staff's host.
import {call} from '../shell/api.js';
import {$, askToRetry, fill, knows, show, word} from '../shell/dom.js';

const load = async () => {
  show($('#waiting'));
  try {
    const {signedIn, name, role, clinic} = await call('/api/session');
    const roleWord = `role-${role}`;
    fill($('#somebody'), {name, role: knows(roleWord) ? word(roleWord) : role, clinic: clinic?.name});
    show($('#waiting'), false);
    show(signedIn ? $('#somebody') : $('#nobody'));
  } catch (problem) {
    if (!problem.type) throw problem;
    show($('#waiting'), false);
    await askToRetry(word(problem.unsure ? problem.type : 'try-again'));
    load();
  }
};
load();
