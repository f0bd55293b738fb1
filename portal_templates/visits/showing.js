// Showing one visit on a page: asks for it, and says what stands in the way if it cannot be shown.
import {ask, calendarAddress, here, Refused} from '../shell/api.js';
import {$, askToRetry, count, fill, focusOn, show, word} from '../shell/dom.js';
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

// What the visit still wants of documents; nothing where that is not known, or nothing can be sent any more.
const showWanted = told => {
  const kinds = told?.kinds.filter(kind => kind.needed) ?? [];
  const left = kinds.filter(kind => ['missing', 'returned', 'refused'].includes(kind.standing)).length, tag = $('#wanted .tag');
  fill($('#wanted'), {
    wanted: left ? count('left', left) : word(kinds.length ? 'all-sent' : 'none-needed'),
    sent: word('sent-of', {n: kinds.length - left, all: kinds.length}),
  });
  tag.classList.toggle('is-warn', left > 0);
  show(tag, kinds.length > 0);
  $('#wanted a').href = `${here.home}documents/${location.hash}`;
  show($('#wanted'), Boolean(told?.open));
};

// The forms that wait for the patient; nothing where that is not known, or the visit needs none.
const showAsked = told => {
  const forms = told?.forms ?? [], tag = $('#asked .tag');
  const left = forms.filter(({standing}) => ['returned', 'not-opened', 'started'].includes(standing)).length;
  fill($('#asked'), {asked: left ? count('forms-left', left) : word('forms-all'), done: word('forms-done', {n: forms.length - left, all: forms.length})});
  tag.classList.toggle('is-warn', left > 0);
  $('#asked a').href = `${here.home}forms/?visit=${encodeURIComponent(visitId())}`;
  show($('#asked'), forms.length > 0);
};

const only = id => { for (const one of ['waiting', 'visit', 'missing', 'sign-in', 'asked', 'wanted']) show($(`#${one}`), one === id); };

// Loads the visit of the address and hands it to `draw`; signs in, says "not found" or asks to try again where needed.
export const showVisit = draw => {
  const load = async focus => {
    only('waiting');
    try {
      if (!visitId()) throw new Refused({status: 404, type: 'not-found'});
      const path = `appointments/${encodeURIComponent(visitId())}`;
      const later = what => ask(`${path}/${what}`).catch(() => null);
      const [visit, wanted, asked] = await Promise.all([ask(path), later('documents'), later('responses')]);
      fillVisit(visit);
      only('visit');
      showAsked(asked);
      showWanted(wanted);
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
