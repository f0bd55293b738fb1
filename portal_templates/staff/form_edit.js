// One form of the clinic: a draft is edited here, saved, tried, published; what is in use is shown, and can be retired.
import {Refused} from '../shell/api.js';
import {$, clone, count, fill, focusOn, show, word} from '../shell/dom.js';
import {clear, complain, onSubmit, reasonOf} from '../shell/form.js';
import {drawLines, languagesOf, ownLanguage, spoken} from './fhir_words.js';
import {ago, enter, may, me, onTap, own, ready, tried, work} from './frame.js';

const id = new URLSearchParams(location.search).get('id') ?? '';
const path = (rest = '') => `questionnaires/${encodeURIComponent(id)}${rest}`;
let form, held, kept = '', key, clinicLanguages = [];  // what the list says of it; the version shown; as it was saved

const drafted = () => held?.version === 'draft';
const canEdit = () => drafted() && may('draft_questionnaire');
const unsaved = () => canEdit() && JSON.stringify(held.document) !== kept;

// The modules that a page without a form needs not.
const unreachable = () => { throw new Refused({type: 'unreachable'}); };
const bringItems = () => import('./form_items.js').catch(unreachable);
const bringTrying = () => import('./trying.js').catch(unreachable);

const touched = () => fill($('#saving'), {unsaved: unsaved() ? word('unsaved') : ''});

const about = () => [
  word(`about-${form.status}`, form),
  form.draft && word('changed-by', {when: ago(form.draft.changed), name: form.draft.name}),
].filter(Boolean).join(' · ');

const drawDoings = () => {
  show($('#saving'), canEdit());
  show($('#begin'), !form.draft && may('draft_questionnaire'));
  show($('#try'), drafted() && may('preview_questionnaire'));
  show($('#publish'), drafted() && may('publish_questionnaire'));
  show($('#retire'), form.status === 'active' && may('retire_questionnaire'));
  fill($('main'), {asked: held.asked});
  fill($('#said'), {said: held.lines.length ? '' : word('nothing-said'), n: held.lines.length || ''});
  drawLines($('#lines'), held.lines, held.document);
};

const draw = async found => {
  const {drawItems, drawTexts, use} = await bringItems();
  held = found;
  kept = JSON.stringify(held.document);
  const {document} = held;
  use({canEdit: canEdit(), languages: languagesOf(document, ...clinicLanguages), tongue: ownLanguage(document), touched});
  fill($('main'), {title: spoken(held.title), about: about()});
  $('#heads').replaceChildren(...drawTexts(document, 'title', 'title-in'), ...drawTexts(document, 'description', 'description-in'));
  drawItems(document.item ?? [], $('#items'));
  drawDoings();
  touched();
};

// How many have gone on from each page of the version that patients fill in.
const drawReach = async () => {
  const {reach, version} = drafted() && form.version ? await work(path(), {query: {version: String(form.version)}}) : held;
  show($('#reach'), Boolean(reach?.begun));
  if (!reach?.begun) return;
  fill($('#reach'), {reach: word('reach', {...reach, version})});
  $('#reached').replaceChildren(...reach.pages.map(({title, reached}) => {
    const row = clone('reached-page'), meter = $('meter', row);
    fill(row, {page: spoken(title), n: word('reached-n', {n: reached, begun: reach.begun})});
    meter.max = reach.begun;
    meter.value = reached;
    meter.setAttribute('aria-label', spoken(title));
    return row;
  }));
};

const tell = text => {
  fill($('#told'), {told: text});
  show($('#told'));
  focusOn($('#told'));
};

const load = async () => {
  const [{forms}, {languages}] = await Promise.all([work('questionnaires'), own(`clinics/${me.clinic.id}`)]);
  clinicLanguages = languages;
  form = forms.find(one => one.id === id);
  if (form) await draw(await work(path(), {query: {version: form.draft ? 'draft' : String(form.version)}}));
  if (form) await drawReach();
  return Boolean(form);
};

// What a refusal says of places, in one list.
const placed = problem => (problem.errors ?? []).map(({field, detail}) => ({detail: field ? `${field}: ${detail}` : detail}));

const save = async () => {
  const headers = {'If-Match': `"${held.change}"`};
  const {change, lines, title, asked} = await work(path('/draft'), {send: {document: held.document}, headers});
  kept = JSON.stringify(held.document);
  held = {...held, change, lines, asked};
  form.draft = {...form.draft, changed: new Date().toISOString(), name: me.name};
  fill($('main'), {title: spoken(title), about: about()});
  drawDoings();
  touched();
};

const surelySaved = async () => {
  if (unsaved()) await save();
};

onSubmit($('#edit-form'), async () => {
  try {
    await save();
    tell(word('saved'));
  } catch (problem) {
    if (problem.status === 412) throw new Refused({...problem, type: 'changed', detail: word('changed')});
    if (placed(problem).length) return complain($('#edit-form'), placed(problem));
    throw problem;
  }
});

// What is pressed outside any form: a refusal is said beside it.
const tap = (button, act) => onTap(button, () => {
  show($('#failed'), false);
  return act();
}, problem => {
  $('#failed').textContent = problem.status === 412 ? word('changed') : placed(problem)[0]?.detail ?? reasonOf(problem);
  show($('#failed'));
});

tap($('#begin'), async () => {
  await work(path('/draft'), {send: {}});
  await load();
  tell(word('begun'));
});
tap($('#try'), async () => {
  await surelySaved();
  await (await bringTrying()).open(path('/preview'));
});
tap($('#publish'), async () => {
  await surelySaved();
  key = crypto.randomUUID();
  clear($('#publish-form'));
  const untranslated = held.lines.filter(line => line.feature === 'translation').length;
  fill($('#publishing'), {publishing: word('publishing', {version: form.version + 1}), untranslated: untranslated ? count('untranslated', untranslated) : ''});
  $('#publishing').showModal();
});
onSubmit($('#publish-form'), async () => {
  const headers = {'If-Match': `"${held.change}"`, 'Idempotency-Key': key};
  try {
    await work(path('/publish'), {send: {}, headers});
  } catch (problem) {
    if (!problem.unsure) key = crypto.randomUUID();
    throw problem;
  }
  $('#publishing').close();
  await load();
  tell(word('published', form));
});
$('#retire').addEventListener('click', () => {
  clear($('#retire-form'));
  $('#retiring').showModal();
});
onSubmit($('#retire-form'), async () => {
  await surelySaved();
  await work(path('/retire'), {send: {}});
  $('#retiring').close();
  await load();
  tell(word('retired'));
});
$('#publish-no').addEventListener('click', () => $('#publishing').close());
$('#retire-no').addEventListener('click', () => $('#retiring').close());
addEventListener('beforeunload', event => { if (unsaved()) event.preventDefault(); });

$('#said').open = matchMedia('(min-width: 64rem)').matches;
await enter('get_questionnaire');
if (await tried(load)) ready();
else {
  show($('#waiting'), false);
  show($('#missing'));
  focusOn($('#missing'));
}
