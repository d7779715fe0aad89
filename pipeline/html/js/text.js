/* ---- Numbers and names as people read them ---- */

/* As pipeline/human.c has them, so that the page and the table say the same. */
function sizeText(bytes) {
	const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'];
	let value = bytes, unit = -1;

	if (bytes < 1024)
		return `${bytes} B`;
	do {
		value /= 1024;
		unit++;
	} while (Math.round(value * 10) >= 10240 && unit + 1 < units.length);
	return `${(Math.round(value * 10) / 10).toFixed(1)} ${units[unit]}`;
}

function countText(count) {
	return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

function factorText(whole, part) {
	if (!part)
		return '-';
	return whole / part < 99.95 ? `${(whole / part).toFixed(1)}x`
				    : `${countText(Math.round(whole / part))}x`;
}

function percentText(part, whole) {
	const percent = whole ? part / whole * 100 : 0;

	if (part && percent < 0.1)
		return '<0.1%';
	return percent < 99.95 ? `${percent.toFixed(1)}%` : `${countText(Math.round(percent))}%`;
}

/* A true minus, as wide as the plus. */
function signedText(text, change) {
	return `${change < 0 ? '\u2212' : '+'}${text}`;
}

function changeText(was, now) {
	return signedText(sizeText(Math.abs(now - was)), now - was);
}

function changePercentText(was, now) {
	if (!was)
		return '\u2013';
	return signedText(percentText(Math.abs(now - was), was), now - was);
}

function plural(count, one, many) {
	return `${countText(count)} ${count === 1 ? one : many}`;
}

/*
 * Names come from files of others. Markup in them is no danger, as they only ever become text; but
 * what is invisible or reorders text could make one look like another, and is shown as
 * pipeline/escape.c shows it to a terminal.
 */
const HIDDEN = new RegExp('[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e' +
	'\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]', 'gu');
const utf8 = new TextEncoder();

function shown(name) {
	return name.replace(HIDDEN, (character) => Array.from(utf8.encode(character),
		(byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''));
}
