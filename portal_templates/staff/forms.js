// The clinic's forms, and bringing one along.
import {$, clone, count, fill, focusOn, say, show, word} from '../shell/dom.js';
import {clear, complain, onSubmit} from '../shell/form.js';
import {drawLines, spoken} from './fhir_words.js';
import {ago, enter, ready, tried, work} from './frame.js';

const LARGEST = 1_000_000;  // bytes; the clinic's door takes a little more
const TAGS = {active: 'is-ok', retired: 'is-off', draft: 'is-off'};
const dialog = $('#importing');

const address = id => `/forms/edit/?id=${encodeURIComponent(id)}`;

const draw = form => {
  const row = clone('form'), status = $('[data-text=status]', row);
  const about = form.version ? word('about', form) : word('about-draft', {when: ago(form.draft.changed)});
  fill(row, {title: spoken(form.title), about, status: word(`status-${form.status}`), draft: word('draft')});
  status.classList.add(TAGS[form.status]);
  show($('[data-text=draft]', row), Boolean(form.draft));
  $('a', row).href = address(form.id);
  return row;
};

const load = async () => {
  const {forms} = await tried(() => work('questionnaires'));
  $('#forms').replaceChildren(...forms.map(draw));
  show($('#forms'), forms.length > 0);
  show($('#none'), !forms.length);
  return forms;
};

const report = ({id, lines}, title, document) => {
  const outcome = id ? word('taken', {title}) : word('refused');
  const more = word(!id ? 'refused-more' : lines.length ? 'taken-more' : 'clean');
  fill($('#report'), {outcome, more, of: lines.length ? count('lines', lines.length) : ''});
  drawLines($('#lines'), lines, document);
  show($('#to-draft'), Boolean(id));
  $('#to-draft').href = address(id);
  show($('#report'));
  focusOn($('#report-title'));
  say(outcome);
};

// The file as JSON; undefined, and told why, where it is none.
const documentOf = async file => {
  if (file.size > LARGEST) return complain($('#import-form'), [{field: 'document', detail: word('too-large')}]);
  try {
    return JSON.parse(await file.text());
  } catch {
    return complain($('#import-form'), [{field: 'document', detail: word('no-json')}]);
  }
};

onSubmit($('#import-form'), async answers => {
  const document = await documentOf(answers.get('file'));
  if (document === undefined) return;
  try {
    const told = await work('questionnaires/import', {send: {document, replace: $('#replace').checked}});
    dialog.close();
    const forms = await load();
    report(told, spoken(forms.find(form => form.id === told.id)?.draft?.title ?? {}), document);
  } catch (problem) {
    show($('#replacing'), problem.type === 'draft-there' || !$('#replacing').hidden);
    throw problem;
  }
});
$('#open-import').addEventListener('click', () => {
  $('#import-form').reset();
  clear($('#import-form'));
  show($('#replacing'), false);
  dialog.showModal();
});
$('#import-no').addEventListener('click', () => dialog.close());
$('#file').addEventListener('change', () => {
  $('#replace').checked = false;
  show($('#replacing'), false);
});

await enter('list_questionnaires');
await load();
ready();
