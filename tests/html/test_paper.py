# SPDX-License-Identifier: GPL-2.0-only
"""The page on paper: whole tables, and nothing to press."""
import base64
import subprocess
import unittest

import documents
from browser import PageTest


class Paper(PageTest):
    def printed(self):
        pdf = self.browser.execute_cdp_cmd('Page.printToPDF', {'printBackground': False})
        (self.tmp / 'page.pdf').write_bytes(base64.b64decode(pdf['data']))
        return subprocess.run(['pdftotext', '-layout', self.tmp / 'page.pdf', '-'], check=True, capture_output=True,
                              text=True).stdout

    def test_every_module_is_there(self):
        report = documents.tree(350)
        report['shared'] = documents.shared(220)
        self.show(report=report)
        text = self.printed()
        for module in report['modules']:
            self.assertIn(module['path'].rsplit('/', 1)[1], text)
        for i in range(220):
            self.assertIn(f'type_{i:04}', text)
        self.assertNotIn('Search', text)
        self.assertNotIn('Next', text)
        self.assertNotIn('Licences', text)
        self.assertIn(documents.size(report['totals']['split_bytes']), text)
        # And on the screen it is one page again.
        self.assertEqual(len(self.column('modules', 1)), 100)

    def test_what_was_searched_is_printed(self):
        self.show(report=documents.tree(350))
        self.one('#modules-search').send_keys('mod0012')
        text = self.printed()
        self.assertIn('mod00123.ko', text)
        self.assertNotIn('mod00200.ko', text.split('Modules')[-1])

    def test_a_dark_screen_makes_no_dark_paper(self):
        self.show(report=documents.tree(20))
        self.media('dark', 'print')
        self.assertEqual(self.script('return getComputedStyle(document.body).color'), 'rgb(0, 0, 0)')
        self.assertEqual(self.script('return getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)')
        self.assertEqual([b for b in self.all('.pager button, .tools input') if b.is_displayed()], [])

    def test_the_map_is_as_wide_as_the_paper(self):
        self.show(report=documents.tree(100))
        self.media('light', 'print')
        self.script('document.body.style.width = "700px"')
        self.assertTrue(all(left + width <= 1.001 for _, (left, _, width, _) in self.tiles()))

    def test_causes_and_differences(self):
        self.show(causes=documents.causes(130))
        text = self.printed()
        for i in range(130):
            self.assertIn(f'root_{i}:', text)
        self.show(diff=documents.diff(250))
        text = self.printed()
        for i in range(250):
            self.assertIn(f'mod{i:05}.ko', text)


if __name__ == '__main__':
    unittest.main()
