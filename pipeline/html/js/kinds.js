/* ---- What a module is made of ---- */

/* Kinds by what they are for: an area or bar has the colour of its sort. */
const SORTS = {
	STRUCT: 'data', UNION: 'data', ENUM: 'values', ENUM64: 'values', FUNC: 'code', FUNC_PROTO: 'code',
	VAR: 'variables', DATASEC: 'variables', DECL_TAG: 'tags', TYPE_TAG: 'tags', strings: 'strings',
};

function sortOf(kind) {
	return SORTS[kind] || 'references';
}

/* The kinds of all @rows of a report, and behind them what is no type: [{kind, types, bytes}], the most
 * bytes first. Together they are the split BTF. */
function madeOf(rows) {
	const kinds = new Map();
	let strings = 0, header = 0;

	for (const row of rows) {
		if (row.status !== 'ok')
			continue;
		for (const [kind, {types, bytes}] of Object.entries(row.kinds)) {
			const sum = kinds.get(kind) || {kind, types: 0, bytes: 0};

			sum.types += types;
			sum.bytes += bytes;
			kinds.set(kind, sum);
		}
		strings += row.split_string_bytes;
		header += row.split_bytes - row.split_type_bytes - row.split_string_bytes;
	}
	return [...kinds.values(), {kind: 'strings', types: null, bytes: strings},
		{kind: 'header', types: null, bytes: header}].filter((k) => k.bytes)
		.sort((a, b) => b.bytes - a.bytes);
}

function kindsTable(parts, total) {
	const most = parts.length ? parts[0].bytes : 0;

	return el('table.kinds', null, el('caption', null, 'Made of'),
		el('thead', null, el('tr', null, el('th', {scope: 'col'}, 'kind'),
			el('th.number', {scope: 'col'}, 'types'), el('th.number', {scope: 'col'}, 'bytes'),
			el('th.number', {scope: 'col'}, 'share'), el('td', {'aria-hidden': 'true'}))),
		el('tbody', null, parts.map((part) => el('tr', null, el('th', {scope: 'row'}, part.kind),
			el('td.number', null, part.types === null ? '' : countText(part.types)),
			el('td.number', null, sizeText(part.bytes)),
			el('td.number', null, percentText(part.bytes, total)),
			el('td.meter', null, bar(part.bytes, most, `sort-${sortOf(part.kind)}`))))));
}

/* A module's own map. */
function kindItems(parts, total) {
	return parts.map((part) => ({
		name: part.kind, value: part.bytes, tone: `sort-${sortOf(part.kind)}`, inside: null, open: null,
		label: `${part.kind}: ${sizeText(part.bytes)}, ${percentText(part.bytes, total)}` +
			(part.types === null ? '' : `, ${plural(part.types, 'type', 'types')}`),
	}));
}
