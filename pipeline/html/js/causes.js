/* ---- Why types stayed: schema btfbatch-explain/1 ---- */

const CAUSE_KINDS = {
	layout: 'a real difference: other sources or another configuration',
	encoder: 'what the encoder wrote, not what the compiler saw',
	declared: 'the base has but a declaration',
	ambiguous: 'the base has several types of the name, none of which it is',
	undecided: 'nothing differs: declarations that may mean several types',
};

class CausesPage {
	constructor(report) {
		this.report = report;
		this.totals = report.totals;
	}

	show(main) {
		const {base} = this.report;

		setHead('Why types did not merge', ['With the base ', el('bdi.path', null, shown(base.path)),
			`: ${plural(base.types, 'type', 'types')}`], this.report.version);
		main.append(el('dl.tiles', null, this.tiles()));
		if (this.report.failures.length)
			main.append(this.failures());
		main.append(this.why(), this.causes());
	}

	tiles() {
		const t = this.totals, {causes} = this.report;
		const part = (label, count, note) => tile(label, sizeText(count.bytes),
			`${plural(count.types, 'type', 'types')}, ${percentText(count.bytes, t.stay.bytes)}`, note);

		return [
			tile('Stays in the modules', sizeText(t.stay.bytes), plural(t.stay.types, 'type', 'types'),
				`in ${plural(t.ok, 'module', 'modules')}`),
			part('Kept by causes', t.caused, plural(causes.length, 'root cause', 'root causes')),
			part('Not in the base', t.new, 'types of the modules\u2019 own'),
			part('Never merged', t.never, 'variables and sections'),
		];
	}

	failures() {
		return section('not-explained', 'Failed', null, el('ul.failures', null, this.report.failures.map((f) =>
			el('li', null, pathText(f.path), el('span.bad', null, shown(f.error))))));
	}

	/* The four sums as one bar, and the causes' kinds. */
	why() {
		const t = this.totals, kinds = new Map();
		const parts = [['kept by causes', t.caused.bytes, 'grew'], ['not in the base', t.new.bytes, 'sort-data'],
			['never merged', t.never.bytes, 'sort-references']];

		for (const cause of this.report.causes) {
			const sum = kinds.get(cause.kind) || {kind: cause.kind, causes: 0, bytes: 0};

			sum.causes++;
			sum.bytes += cause.alone.bytes;
			kinds.set(cause.kind, sum);
		}
		return section('why', 'What stays, and why', null, stackedBar(parts, t.stay.bytes),
			kinds.size ? plainTable(el('caption', null, 'Causes by kind'),
				el('thead', null, el('tr', null, el('th', {scope: 'col'}, 'kind'),
					el('th.number', {scope: 'col'}, 'causes'), el('th.number', {scope: 'col'}, 'bytes alone'),
					el('th', {scope: 'col'}, 'which means'))),
				el('tbody', null, [...kinds.values()].sort((a, b) => b.bytes - a.bytes).map((k) => el('tr', null,
					el('th', {scope: 'row'}, causeKind(k.kind)), el('td.number', null, countText(k.causes)),
					el('td.number', null, sizeText(k.bytes)), el('td', null, CAUSE_KINDS[k.kind] || ''))))) : null);
	}

	causes() {
		const {causes} = this.report, most = Math.max(0, ...causes.map((c) => c.waiting.bytes));
		const place = new Map(causes.map((cause, i) => [cause, i + 1]));
		const bytes = (title, note, of, withBar) => ({
			title, note, number: true, value: of,
			cell: (cause) => (withBar ? [sizeText(of(cause)), bar(of(cause), most, 'grew')] : sizeText(of(cause))),
		});

		if (!causes.length)
			return section('causes', 'Root causes', 'There are none: all that the base has too was merged.');
		return section('causes', 'Root causes', 'A type that stays waits for one cause or several, and would be merged ' +
			'were all of them as in the base. Open a cause for the way to it and its modules.', new Table({
			id: 'causes', label: 'Root causes', rows: causes, sort: [0, 'ascending'],
			text: (cause) => `${cause.kind} ${cause.cause} ${cause.type}`, filters: this.filters(),
			detail: (cause) => this.detail(cause),
			columns: [
				{
					title: 'Rank', number: true, first: 'ascending', value: (cause) => place.get(cause),
					cell: (cause) => countText(place.get(cause)),
				},
				{
					title: 'Cause', wide: true, value: (cause) => cause.cause, opens: () => true,
					cell: (cause) => [codeText(cause.cause), ' ', causeKind(cause.kind)],
				},
				bytes('Waiting', 'bytes of all types that wait for it', (cause) => cause.waiting.bytes, true),
				bytes('Alone', 'bytes of types that wait for nothing else', (cause) => cause.alone.bytes),
				bytes('Together', 'bytes that merge when this and all above are mended', (cause) => cause.together_bytes),
				{
					title: 'Types', note: 'that wait for it', number: true, value: (cause) => cause.waiting.types,
					cell: (cause) => countText(cause.waiting.types),
				},
				{
					title: 'Modules', note: 'affected', number: true, value: (cause) => cause.modules.length,
					cell: (cause) => countText(cause.modules.length),
				},
			],
		}).node);
	}

	filters() {
		const kinds = [...new Set(this.report.causes.map((cause) => cause.kind))];

		return [['all kinds', () => true], ...kinds.map((kind) => [kind, (cause) => cause.kind === kind])];
	}

	detail(cause) {
		return [
			facts([['type of the base', [codeText(cause.type), `, id ${countText(cause.base_id)}`]],
				['a way to it', codeText(cause.path)]]),
			el('p', null, `${plural(cause.modules.length, 'module', 'modules')}:`),
			el('ul.modules', null, cause.modules.map((path) => el('li', null, pathText(path)))),
		];
	}
}

function causeKind(kind) {
	return el(`span.badge.cause-${/^[a-z]+$/.test(kind) ? kind : 'other'}`, {title: CAUSE_KINDS[kind]}, kind);
}

/* Parts of a whole: [[name, bytes, tone]...]. */
function stackedBar(parts, whole) {
	const there = parts.filter(([, bytes]) => bytes);

	return el('div.stacked', null, el('div.strip', {'aria-hidden': 'true'}, there.map(([, bytes, tone]) => {
		const node = el(`span.fill.${tone}`);

		node.style.width = `${bytes / whole * 100}%`;
		return node;
	})), el('ul.key', null, there.map(([name, bytes, tone]) => el('li', null,
		el(`span.swatch.${tone}`, {'aria-hidden': 'true'}),
		`${name}: ${sizeText(bytes)}, ${percentText(bytes, whole)}`))));
}
