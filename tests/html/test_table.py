# SPDX-License-Identifier: GPL-2.0-only
"""The table of modules: search, sort, pages, and ten thousand of them."""
import unittest

import documents
from browser import Keys, PageTest


class Table(PageTest):
    def heads(self):
        return self.all('#modules-table > thead button')

    def sorted_by(self):
        return self.script('''const h = document.querySelectorAll('#modules-table th[aria-sort]');
            return [h.length, h[0].cellIndex, h[0].getAttribute('aria-sort')]''')

    def status(self):
        return self.one('#modules .status').text

    def names(self):
        return [name.rsplit('/', 1)[1] for name in self.column('modules', 1)]

    def test_sort_by_every_column_both_ways(self):
        report = documents.tree(90)
        keys = [lambda m: m['path'], lambda m: m['input_bytes'], lambda m: m['split_bytes'],
                lambda m: m['input_bytes'] / m['split_bytes'], lambda m: m['input_types'],
                lambda m: m['split_types'], lambda m: m['split_string_bytes']]
        self.show(report=report)
        self.assertEqual(self.sorted_by(), [1, 2, 'descending'])
        for index, key in enumerate(keys):
            first = 'descending' if index else 'ascending'
            if index == 2:  # the table is not sorted by it any more
                self.assertNotEqual(self.sorted_by()[1], 2)
            for direction in (first, 'ascending' if index else 'descending'):
                self.heads()[index].click()
                self.assertEqual(self.sorted_by(), [1, index, direction])
                expected = sorted(report['modules'], key=key, reverse=direction == 'descending')
                self.assertEqual(self.names(), [m['path'].rsplit('/', 1)[1] for m in expected])

    def test_search_wants_every_word(self):
        report = documents.tree(250)
        self.show(report=report)
        field = self.one('#modules-search')
        self.assertEqual(self.status(), '250 in all')
        field.send_keys('NETFILTER mod')
        expected = [m['path'] for m in report['modules'] if 'netfilter' in m['path']]
        self.assertEqual(sorted(self.names()), sorted(p.rsplit('/', 1)[1] for p in expected))
        self.assertEqual(self.status(), f'{len(expected)} of 250')
        field.send_keys(' nosuchthing')
        self.assertEqual(self.names(), [])
        self.assertTrue(self.one('#modules .empty').is_displayed())
        field.send_keys(Keys.ESCAPE)
        self.assertEqual(field.get_attribute('value'), '')
        self.assertEqual(self.status(), '250 in all')
        self.assertFalse(self.one('#modules .empty').is_displayed())

    def test_search_is_no_pattern(self):
        self.show(report=documents.tree(20))
        self.one('#modules-search').send_keys('.*[')
        self.assertEqual(self.names(), [])

    def test_pages_have_each_module_once(self):
        report = documents.tree(250)
        self.show(report=report)
        seen = self.names()
        self.assertEqual(len(seen), 100)
        for count, last in ((100, '200'), (50, '250')):
            next(b for b in self.all('#modules .pager button') if b.text == 'Next').click()
            self.assertEqual(len(self.names()), count)
            self.assertIn(f'\u2013{last} of 250', self.one('#modules .pager').text)
            seen += self.names()
        self.assertEqual(len(seen), len(set(seen)))
        self.assertEqual(sorted(seen), sorted(m['path'].rsplit('/', 1)[1] for m in report['modules']))
        self.assertEqual([b.is_enabled() for b in self.all('#modules .pager button')], [True, True, False, False])
        self.heads()[0].click()
        self.assertIn('1\u2013100 of 250', self.one('#modules .pager').text)

    def test_ten_thousand_modules(self):
        report = documents.tree(10000)
        self.show(report=report)
        # What makes a page slow is what it draws: that does not grow with the modules.
        self.assertEqual(len(self.column('modules', 1)), 100)
        self.assertLess(self.script('return document.querySelectorAll("*").length'), 6000)
        self.assertEqual(self.status(), '10,000 in all')
        self.one('#modules-search').send_keys('mod09999')
        self.assertEqual(self.names(), ['mod09999.ko'])
        self.one('#modules-search').send_keys(Keys.ESCAPE)
        self.heads()[1].click()
        largest = sorted(report['modules'], key=lambda m: -m['input_bytes'])[:100]
        self.assertEqual(self.names(), [m['path'].rsplit('/', 1)[1] for m in largest])
        self.all('#modules .pager button')[3].click()
        self.assertIn('9,901\u201310,000 of 10,000', self.one('#modules .pager').text)
        for name in ('drivers', 'net', 'wireless'):
            self.enter(name)
            self.assertLess(self.script('return document.querySelectorAll(".map *").length'), 4000)


if __name__ == '__main__':
    unittest.main()
