// A form of a visit, one thing a page. What is needed to begin stands here; what follows comes while the first page is read.
import {ask, here, Refused} from '../shell/api.js';
import {$, $$, askToRetry, focusOn, keepLanguageLinks, show, word} from '../shell/dom.js';
import {decided, settle, today, wire} from './filling.js';

const form = $('#form'), asked = new URLSearchParams(location.search), title = document.title;
const only = id => { for (const one of ['waiting', 'form', 'sign-in', 'missing', 'finished']) show($(`#${one}`), one === id); };
const sectionOf = id => $(`[data-page="${CSS.escape(id)}"]`, form);
const stands = (place, section) => { for (let at = place; at !== section; at = at.parentElement) if (at.hidden) return false; return true; };
const asks = section => !section || $$('.q, .several', section).some(place => stands(place, section));

// What the modules that come later do their work with. `view` is the answers as the clinic has them, `only` the pages that are wanted
// again, `at` the page in sight, `back` where Continue leads to after a change.
const page = {
  form, ask, asked, sectionOf, view: null, rules: null, seen: new Set(), wanted: null, at: '', back: '', stand: only,
  language: here.tag, read: () => [],   // as long as nothing was answered
  // Everything as it stands in the page, and what is decided of it.
  told: (complete = false) => {
    const given = page.read();
    return {given, decisions: decided(page.rules.items, given, today(), complete)};
  },
  settle: () => { while (settle(page.rules.items, form, '', page.told().decisions)); page.settled?.(); },
  pages: () => page.rules.starts.filter(id => asks(sectionOf(id)) && (!page.wanted || page.wanted.has(id))),
  // The way through: the answers are checked before they are signed, or at the end; what was sent back is just sent again.
  steps: () => {
    const pages = page.pages(), sign = !page.wanted && pages.length > 1 && $('.signs', sectionOf(pages.at(-1)) ?? $('#check'));
    return page.wanted ? pages : sign ? [...pages.slice(0, -1), 'check', pages.at(-1)] : [...pages, 'check'];
  },
  show: (id, focus = true) => {
    const steps = page.steps(), n = steps.indexOf(id) + 1, section = sectionOf(id);
    page.at = id;
    for (const each of $$('[data-page]', form)) show(each, each === section);
    show($('#check'), id === 'check');
    $('#meter').max = steps.length;
    $('#meter').value = n;
    $('#how-far').textContent = word('how-far', {n, all: steps.length});
    show($('#prev'), n > 1 || Boolean(page.back));
    const heading = $('h2', section ?? $('#check') ?? form);
    document.title = [heading.textContent, title].join(' – ');
    if (focus) { scrollTo(0, 0); focusOn(heading); }
  },
  go: id => { if (location.hash !== `#${id}`) history.pushState(null, '', `#${id}`); keepLanguageLinks(); page.show(id); later().then(({entered}) => entered(page)); },
  reload: () => load(true),
};

// Until it has come: without it nobody gets further.
const later = async () => {
  for (;;) {
    try {
      const flow = await import('./flow.js');
      await flow.begin(page);
      return flow;
    } catch (problem) {
      if (problem.type !== 'unreachable' && !(problem instanceof TypeError)) throw problem;
      await new Promise(done => { setTimeout(done, 2000); });
    }
  }
};

const rulesOf = () => fetch(form.dataset.rules).then(answer => answer.json()).catch(() => { throw new Refused({type: 'unreachable'}); });

const open = () => {
  const visit = asked.get('visit'), response = asked.get('response');
  if (response) return ask(`responses/${encodeURIComponent(response)}`);
  if (!visit || !page.rules) throw new Refused({status: 404, type: 'not-found'});
  return ask(`appointments/${encodeURIComponent(visit)}/responses`, {send: {questionnaire: page.rules.id, language: page.language}});
};

// Where somebody goes on: where the address says, else where they were.
const first = () => {
  const steps = page.steps(), known = [decodeURIComponent(location.hash.slice(1)), page.view.page].find(id => steps.includes(id));
  return known ?? steps.find(id => !page.seen.has(id)) ?? steps[0];
};

// Without an answer of the clinic's: what was kept on this device goes on, if anything was.
const goOn = async problem => {
  const kept = problem.unsure && await import('./flow.js').then(flow => flow.begin(page).then(() => flow.kept(page))).catch(() => false);
  if (!kept) throw problem;
};

const load = async focus => {
  only('waiting');
  try {
    page.rules ??= await rulesOf();
    const view = await open().catch(goOn);
    const same = !view || (page.dirty && page.view?.id === view.id);   // what was typed stays, and is put together with the rest
    if (!same) Object.assign(page, {view, seen: new Set(view.seen)});
    $('#all').search = `?visit=${encodeURIComponent(page.view.appointment)}`;
    const version = page.view.canonical.split('|').pop();
    if (version !== page.rules.version) return location.replace(`${here.home}form/${page.rules.id}/${version}/${location.search}${location.hash}`);
    if (!same && (view.items.length || view.status !== 'in-progress')) await (await later()).resume(page);
    if (page.over) return only('finished');
    page.settle();
    const id = first();
    if (id !== 'check' && !sectionOf(id)) await later();   // of a long form, the later pages come later
    page.settle();
    only('form');
    page.show(id, focus);
    history.replaceState(null, '', `#${page.at}`);
    keepLanguageLinks();
    (await later()).entered(page);
  } catch (problem) {
    if (!problem.type) throw problem;
    if (!problem.unsure) return (await later()).refused(page, problem, focus);
    only('none');
    await askToRetry(word(problem.type === 'unreachable' ? problem.type : 'try-again'));
    load(true);
  }
};

let busy = false;
form.addEventListener('submit', async event => {
  event.preventDefault();
  if (busy) return;
  busy = true;
  $('#next').setAttribute('aria-disabled', 'true');
  await later().then(({next}) => next(page)).finally(() => { busy = false; $('#next').removeAttribute('aria-disabled'); });
});
form.addEventListener('input', () => page.settle());
form.reset();   // what the browser has kept of an earlier reader
addEventListener('pageshow', ({persisted}) => { if (persisted) location.reload(); });
wire(form);
load(false);
