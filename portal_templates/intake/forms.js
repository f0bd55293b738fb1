// The forms of one visit: what is to be done, and how far each has come.
import {ask, here, Refused} from '../shell/api.js';
import {$, askToRetry, clone, count, fill, focusOn, show, word} from '../shell/dom.js';
import {reasonOf} from '../shell/form.js';
import {watch} from '../accounts/holding.js';
import {openSignIn, prepareSignIn} from '../accounts/sign_in.js';

const PATIENTS_TURN = ['returned', 'not-opened', 'started'];
const AGO = [[60, 'second'], [60, 'minute'], [24, 'hour'], [Infinity, 'day']];
const visit = new URLSearchParams(location.search).get('visit') ?? '';
const only = id => { for (const one of ['waiting', 'forms', 'missing', 'sign-in']) show($(`#${one}`), one === id); };

// "2 days ago", in the language of the page.
const ago = at => {
  let past = (Date.parse(at) - Date.now()) / 1000;
  for (const [size, unit] of AGO) {
    if (Math.abs(past) < size) return new Intl.RelativeTimeFormat(here.tag, {numeric: 'auto'}).format(Math.round(past), unit);
    past /= size;
  }
  return '';
};

const farOf = ({standing, done, of, started, changed, returned}) => {
  if (standing === 'not-opened') return word('far-not-opened');
  if (standing === 'returned') return count('far-returned', returned || 1);
  if (standing === 'started') return word('far-started', {n: done, all: of, when: ago(started)});
  return word('far-sent', {when: ago(changed)});
};

const draw = form => {
  const card = clone('form-card'), turn = PATIENTS_TURN.includes(form.standing), tag = $('.tag', card);
  fill(card, {title: form.title, far: farOf(form), standing: word(`form-${form.standing}`)});
  $('a', card).href = `${here.home}${form.page}?visit=${encodeURIComponent(visit)}${form.response ? `&response=${encodeURIComponent(form.response)}` : ''}`;
  show($('.tag .icon', card), !turn);
  tag.classList.add(turn ? 'is-warn' : 'is-ok');
  return card;
};

const drawAll = forms => {
  const done = forms.filter(({standing}) => !PATIENTS_TURN.includes(standing)).length, all = forms.length;
  $('#how-many').textContent = !all ? word('forms-none') : done === all ? word('forms-all') : word('forms-done', {n: done, all});
  $('#so-far').max = all || 1;
  $('#so-far').value = done;
  show($('#so-far'), all > 0);
  $('#list').replaceChildren(...forms.map(draw));
};

const load = async focus => {
  only('waiting');
  try {
    if (!visit) throw new Refused({status: 404, type: 'not-found'});
    const {forms} = await ask(`appointments/${encodeURIComponent(visit)}/responses`);
    drawAll(forms);
    only('forms');
    if (focus) focusOn($('h1'));
  } catch (problem) {
    if (!problem.type) throw problem;
    if (problem.status === 401) return only('sign-in'), openSignIn({focus});
    if (problem.status === 404 || problem.status === 403) return only('missing'), focusOn($('#missing'));
    only('none');
    await askToRetry(reasonOf(problem));
    load(true);
  }
};

prepareSignIn(() => load(true));
document.addEventListener('signed-out', () => { only('sign-in'); openSignIn({reason: word('signed-out')}); });
$('#back').href = `${here.home}visit/#${visit}`;
load(false);
watch();
