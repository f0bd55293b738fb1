// Showing one visit on a page: asks for it, and says what stands in the way if it cannot be shown.
import {ask, calendarAddress, Refused} from '../shell/api.js';
import {$, askToRetry, fill, focusOn, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {openSignIn, prepareSignIn} from '../accounts/sign_in.js';

export const visitId = () => decodeURIComponent(location.hash.slice(1));

export const fillVisit = visit => {
  const {service, practitioner} = visit;
  fill($('#visit'), {
    day: visit.day, time: visit.time, zone: visit.zoneLabel, service: service.name,
    practitioner: practitioner.name, qualification: practitioner.qualification,
  });
  show($('#with'), Boolean(practitioner.name));
  $('#calendar').href = calendarAddress(visit.id);
};

const only = id => { for (const one of ['waiting', 'visit', 'missing', 'sign-in']) show($(`#${one}`), one === id); };

// Loads the visit of the address and hands it to `draw`; signs in, says "not found" or asks to try again where needed.
export const showVisit = draw => {
  const load = async focus => {
    only('waiting');
    try {
      if (!visitId()) throw new Refused({status: 404, type: 'not-found'});
      const visit = await ask(`appointments/${encodeURIComponent(visitId())}`);
      fillVisit(visit);
      only('visit');
      await draw(visit, focus);
    } catch (problem) {
      if (!problem.type) throw problem;
      if (problem.status === 401) return only('sign-in'), openSignIn();
      if (problem.status === 404 || problem.status === 403) return only('missing'), focusOn($('#missing'));
      only('none');
      await askToRetry(reasonOf(problem));
      load(true);
    }
  };
  prepareSignIn(() => load(true));
  addEventListener('hashchange', () => load(true));
  document.addEventListener('signed-out', () => { only('sign-in'); openSignIn({reason: word('signed-out')}); });
  return load(false);
};
