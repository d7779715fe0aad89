# SPDX-License-Identifier: GPL-2.0-only
"""What can be measured of the look: contrast in light and dark, and that nothing runs off the page."""
import random
import unittest

import documents
from browser import PageTest

# For each text on the page: the least contrast as WCAG 2 defines it, with a sample.
CONTRASTS = '''
const parse = (c) => { const n = c.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
const over = (a, b) => a.slice(0, 3).map((v, i) => v * a[3] + b[i] * (1 - a[3])).concat(1);
const light = (c) => { const [r, g, b] = c.map((v) => v / 255).map((v) =>
    v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const behind = (e) => { const stack = []; for (; e; e = e.parentElement) stack.push(parse(getComputedStyle(e).backgroundColor));
    return stack.reverse().reduce((below, c) => over(c, below), parse(getComputedStyle(document.documentElement)
    .getPropertyValue('--probe-page') || 'rgb(255, 255, 255)')); };
const found = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let t = walker.nextNode(); t; t = walker.nextNode()) {
    const e = t.parentElement, style = getComputedStyle(e);
    if (!t.data.trim() || e.closest('script, style, noscript') || !e.getClientRects().length || style.visibility !== 'visible')
        continue;
    const back = behind(e), a = light(over(parse(style.color), back)), b = light(back);
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.className + ': ' + t.data.trim().slice(0, 40)]);
}
return found.sort((x, y) => x[0] - y[0]).slice(0, 3);
'''


def of_every_colour():
    """Modules of which every share of the input is left."""
    report = documents.tree(120)
    rng = random.Random(7)
    for module in report['modules']:
        module['input_bytes'] = int(module['split_bytes'] * rng.choice([1.1, 2, 4, 8, 15, 30, 100]))
    report['modules'] += [documents.no_btf('x/none.ko'), documents.failed('x/bad.ko', 'not BTF')]
    report = documents.report(report['modules'])
    report['shared'] = documents.shared(120)
    return report


class Look(PageTest):
    def pages(self):
        everything = of_every_colour()
        yield 'report', {'report': everything}, ''
        yield 'module', {'report': everything}, f"#in={everything['modules'][3]['path']}"
        yield 'causes', {'causes': documents.causes(120, failures=[{'path': 'a.ko', 'error': 'bad'}])}, ''
        yield 'diff', {'diff': documents.diff(150)}, ''

    def assert_contrast(self):
        for contrast, sample in self.script(CONTRASTS):
            self.assertGreaterEqual(contrast, 4.5, sample)

    def test_contrast_in_light_and_dark(self):
        for name, documents_of_it, place in self.pages():
            for scheme in ('light', 'dark'):
                with self.subTest(name, scheme=scheme):
                    self.media(scheme)
                    self.show(place, **documents_of_it)
                    for button in self.all('button.opens[aria-expanded]')[:1]:
                        button.click()
                    self.assert_contrast()

    def test_dark_is_dark(self):
        self.show(report=documents.tree(10))
        light = self.script('return getComputedStyle(document.body).backgroundColor')
        self.media('dark')
        dark = self.script('return getComputedStyle(document.body).backgroundColor')
        self.assertEqual(light, 'rgb(255, 255, 255)')
        self.assertLess(max(int(n) for n in dark[4:-1].split(',')), 40)

    def test_nothing_runs_off_the_page(self):
        self.addCleanup(self.browser.set_window_size, 1400, 1200)
        for width in (1400, 900, 500):
            self.browser.set_window_size(width, 900)
            for name, documents_of_it, place in self.pages():
                with self.subTest(name, width=width):
                    self.show(place, **documents_of_it)
                    self.assertLessEqual(self.script('return document.documentElement.scrollWidth'),
                                         self.script('return document.documentElement.clientWidth'))

    def test_numbers_stand_to_the_right_under_their_heads(self):
        self.show(report=of_every_colour())
        rights = self.script('''
            const right = (e) => { const r = document.createRange(); r.selectNodeContents(e.firstChild.nodeType === 3
                ? e.firstChild : e); return Math.round(r.getBoundingClientRect().right); };
            const rows = document.querySelectorAll('#modules-table tbody tr');
            return [2, 4].map((c) => Array.from(rows, (row) => row.cells[c]).filter((cell) => cell.innerText)
                .map(right));''')
        for column in rights:
            self.assertEqual(len(set(column)), 1)

    def test_names_in_the_map_are_within_their_areas(self):
        self.show(report=documents.tree(400))
        wrong = self.script('''return Array.from(document.querySelectorAll('.area > .caption')).filter((c) => {
            const a = c.parentElement.getBoundingClientRect(), b = c.getBoundingClientRect();
            return b.left < a.left - 1 || b.right > a.right + 1 || b.top < a.top - 1 || b.bottom > a.bottom + 1;
        }).map((c) => c.innerText)''')
        self.assertEqual(wrong, [])


if __name__ == '__main__':
    unittest.main()
