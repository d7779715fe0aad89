/* ---- Types that several modules have and the base has not ---- */

function sharedSection(shared) {
	const most = shared.named.length ? shared.named[0].saved : 0;
	const note = `${plural(shared.types, 'type stands', 'types stand')} in the split BTF of several modules; ` +
		`in the base they would save ${sizeText(shared.saved)}` +
		(shared.anonymous.types ? `, ${sizeText(shared.anonymous.saved)} of that by the ` +
			`${countText(shared.anonymous.types)} that have no name and would go with what refers to them.` : '.');
	const number = (title, help, key, text) => ({
		title, note: help, number: true, value: (type) => type[key], cell: (type) => text(type[key]),
	});

	if (!shared.named.length)
		return section('shared', 'Shared types', note);
	return section('shared', 'Shared types', note, new Table({
		id: 'shared', label: 'Shared types', rows: shared.named, sort: [3, 'descending'],
		text: (type) => `${type.kind} ${type.name} ${type.first}`,
		columns: [
			{
				title: 'Type', wide: true, value: (type) => type.name,
				cell: (type) => [el('span.kind', null, `${type.kind} `), codeText(type.name)],
			},
			number('Bytes', 'of one record, without strings', 'bytes', sizeText),
			number('Modules', 'that have it', 'modules', countText),
			{
				...number('Saves', 'all records but one', 'saved', sizeText),
				cell: (type) => [sizeText(type.saved), bar(type.saved, most, 'sort-data')],
			},
			{title: 'As in', wide: true, value: (type) => type.first, cell: (type) => pathText(type.first)},
		],
	}).node);
}
