# SPDX-License-Identifier: GPL-2.0-only
"""The page by keyboard alone: everything can be reached, done, and seen to have the focus."""
import unittest

import documents
from browser import Keys, PageTest


class Keyboard(PageTest):
    def tab_to(self, condition, most=60):
        for _ in range(most):
            self.press(Keys.TAB)
            if condition():
                return
        self.fail(f'not reached by Tab; at: {self.label()}')

    def in_map(self):
        return self.script('return document.activeElement.matches(".map > .area")')

    def assert_focus_is_seen(self):
        """An outline, or what the map draws above an area, in the colour for that and 2 pixels wide at least."""
        seen = self.script('''
            const colour = getComputedStyle(document.documentElement).getPropertyValue('--focus').trim();
            const probe = document.createElement('i');
            probe.style.color = colour;
            document.body.append(probe);
            const wanted = getComputedStyle(probe).color;
            probe.remove();
            const e = document.activeElement, own = getComputedStyle(e), after = getComputedStyle(e, '::after');
            return (own.outlineStyle === 'solid' && own.outlineColor === wanted && parseFloat(own.outlineWidth) >= 2) ||
                (after.borderTopStyle === 'solid' && after.borderTopColor === wanted &&
                parseFloat(after.borderTopWidth) >= 2);''')
        self.assertTrue(seen, f'the focus is not seen on {self.label()}')

    def test_every_stop_of_tab_is_seen_and_has_a_name(self):
        report = documents.tree(150)
        report['shared'] = documents.shared(120)
        self.show(report=report)
        stops = []
        self.press(Keys.TAB)
        while self.script('return document.activeElement !== document.body') and len(stops) < 500:
            self.assert_focus_is_seen()
            name = self.script('''const e = document.activeElement;
                return e.getAttribute('aria-label') || (e.labels && e.labels.length && e.labels[0].innerText) ||
                    e.innerText''')
            self.assertTrue(name and name.strip(), self.script('return document.activeElement.outerHTML'))
            stops.append(name)
            self.press(Keys.TAB)
        self.assertEqual(stops[0], 'Skip to the report')
        # One stop for the whole map, 100 rows, sort buttons and pages of two tables.
        self.assertEqual(self.script("return document.querySelectorAll('.map > [tabindex=\"0\"]').length"), 1)
        self.assertEqual(len(set(stops) & {m['path'] for m in report['modules']}),
                         100)
        self.assertEqual(sum('Next' == s for s in stops), 2)

    def test_through_the_map(self):
        self.show(report=documents.tree(400))
        self.tab_to(self.in_map)
        self.assert_focus_is_seen()
        self.assertIn(self.label(), self.one('.info').text)
        first = self.label()
        self.press(Keys.ARROW_RIGHT)
        self.assertTrue(self.in_map())
        second = self.label()
        self.assertNotEqual(first, second)
        self.press(Keys.ARROW_LEFT)
        self.assertNotEqual(self.label(), second)
        self.press(Keys.END)
        self.assertEqual(self.label(), self.tiles()[-1][0])
        self.press(Keys.HOME)
        self.assertEqual(self.label(), self.tiles()[0][0])
        for key in (Keys.ENTER, Keys.SPACE):
            before = self.trail()
            self.press(key)
            self.wait(lambda: len(self.trail()) == len(before) + 1)
            self.assertTrue(self.in_map(), 'the focus is in the new map')
        self.press(Keys.ESCAPE)
        self.wait(lambda: self.trail() == ['kernel', 'drivers'])
        self.assertTrue(self.in_map())
        self.press(Keys.BACKSPACE)
        self.wait(lambda: self.trail() == ['kernel'])
        self.press(Keys.ESCAPE)
        self.assertEqual(self.trail(), ['kernel'])

    def test_arrows_reach_every_area(self):
        self.show(report=documents.tree(60, dirs=['all']))
        self.tab_to(self.in_map)
        labels = {label for label, _ in self.tiles()}
        seen, todo = {self.label()}, [self.label()]
        while todo:
            at = todo.pop()
            for key in (Keys.ARROW_RIGHT, Keys.ARROW_DOWN, Keys.ARROW_LEFT, Keys.ARROW_UP):
                self.script('''[...document.querySelectorAll('.map > .area')].find((a) =>
                    a.getAttribute('aria-label') === arguments[0]).focus()''', at)
                self.press(key)
                if self.label() not in seen:
                    seen.add(self.label())
                    todo.append(self.label())
        self.assertEqual(seen, labels)

    def test_back_by_the_trail(self):
        self.show('#in=kernel%2Ffs%2Fxfs%2F', report=documents.tree(100))
        self.tab_to(lambda: self.focused().text == 'kernel')
        self.press(Keys.ENTER)
        self.wait(lambda: self.trail() == ['kernel'])

    def test_search_by_a_slash(self):
        report = documents.tree(250)
        report['shared'] = documents.shared(10)
        self.show(report=report)
        self.press('/')
        self.assertEqual(self.focused().get_attribute('id'), 'modules-search')
        self.assertEqual(self.focused().get_attribute('value'), '')
        self.press('xfs/')
        self.assertEqual(self.focused().get_attribute('value'), 'xfs/')
        self.assertTrue(all('xfs/' in name for name in self.column('modules', 1)))
        self.press(Keys.ESCAPE)
        self.assertEqual(len(self.column('modules', 1)), 100)
        self.script('document.activeElement.blur(); document.getElementById("shared").scrollIntoView()')
        self.press('/')
        self.assertEqual(self.focused().get_attribute('id'), 'shared-search')

    def test_sort_and_pages(self):
        self.show(report=documents.tree(250))
        self.press('/')
        self.tab_to(lambda: self.focused().text.startswith('Input'))
        self.press(Keys.ENTER)
        self.assertEqual(self.one('#modules-table th[aria-sort]').get_attribute('aria-sort'), 'descending')
        self.press(Keys.SPACE)
        self.assertEqual(self.one('#modules-table th[aria-sort]').get_attribute('aria-sort'), 'ascending')
        self.assertTrue(self.focused().text.startswith('Input'))
        self.tab_to(lambda: self.focused().text == 'Next', 130)
        self.press(Keys.ENTER)
        self.assertEqual(self.focused().text, 'Next')
        self.press(Keys.ENTER)
        self.assertIn('201\u2013250 of 250', self.one('#modules .pager').text)
        self.assertEqual(self.focused().text, 'First')

    def test_a_row_opens(self):
        self.show(causes=documents.causes(5))
        self.tab_to(lambda: self.focused().get_attribute('aria-expanded') == 'false')
        opened = self.label()
        self.press(Keys.ENTER)
        self.assertEqual((self.label(), self.focused().get_attribute('aria-expanded')), (opened, 'true'))
        self.assertEqual(len(self.all('tr.detail')), 1)
        self.press(Keys.SPACE)
        self.assertEqual(self.focused().get_attribute('aria-expanded'), 'false')
        self.assertEqual(len(self.all('tr.detail')), 0)

    def test_the_skip_link_passes_the_head(self):
        self.show(report=documents.tree(10))
        self.press(Keys.TAB)
        self.press(Keys.ENTER)
        self.assertEqual(self.focused().get_attribute('id'), 'main')


if __name__ == '__main__':
    unittest.main()
