# SPDX-License-Identifier: GPL-2.0-only
"""Names that somebody else chose: they are text, whatever is in them."""
import base64
import hashlib
import random
import re
import unittest

import documents
from browser import PageTest

HOSTILE = [
    '<img src=x onerror=alert(1)>.ko', '</script><script>document.title="taken"</script>.ko', '<!--<script>.ko',
    '"><svg onload=alert(2)>.ko', "javascript:alert('3').ko", '__proto__/constructor.ko', 'toString/__proto__',
    '&lt;b&gt;.ko', 'a\u2028b.ko', 'bidi\u202egnp.ok', 'esc\u001b[2J.ko', 'new\nline.ko', 'caf\\xe9.ko',
    '\U0001f4a9.ko', '%2e%2e%2f.ko', '#in=x.ko', '{{data}}.ko', 'x' * 3000 + '.ko', '/'.join('d' * 200) + '/deep.ko',
]


class Names(PageTest):
    def hostile(self):
        rng = random.Random(9)
        report = documents.report([documents.module(name, rng) for name in HOSTILE] +
                                  [documents.failed('bad<b>.ko', '<i>not</i> BTF</script>')])
        report['shared'] = documents.shared(3)
        report['shared']['named'][0]['name'] = '<script>alert(4)</script>'
        report['base']['path'] = '<h1>base</h1>'
        return report

    def test_they_become_text(self):
        self.show(report=self.hostile())
        self.assertEqual(self.all('img, svg, b, i, h1 h1, main script, header h1 + h1'), [])
        self.assertEqual(self.browser.title, 'Split BTF report \u2013 btfbatch')
        names = '\n'.join(self.column('modules', 1))
        for name in HOSTILE[:5]:
            self.assertIn(name, names)
        self.assertIn('<h1>base</h1>', self.one('header').text)
        self.assertIn('<i>not</i> BTF</script>', self.one('#failures').text)
        self.assertIn('<script>alert(4)</script>', self.column('shared', 1)[0])
        self.assertEqual(len(self.column('modules', 1)), len(HOSTILE) + 1)

    def test_what_is_invisible_is_shown(self):
        self.show(report=self.hostile())
        names = '\n'.join(self.column('modules', 1))
        for name in ('a\\xe2\\x80\\xa8b.ko', 'bidi\\xe2\\x80\\xaegnp.ok', 'esc\\x1b[2J.ko', 'new\\x0aline.ko',
                     'caf\\xe9.ko'):
            self.assertIn(name, names)

    def test_each_can_be_entered_in_the_map_and_found(self):
        self.show(report=self.hostile())
        for name in HOSTILE:
            row = next(i for i, m in enumerate(sorted(
                documents.report(self.hostile()['modules'][:-1])['modules'],
                key=lambda m: -m['split_bytes'])) if m['path'] == name)
            before = self.script('return location.hash')
            self.script('document.querySelectorAll("#modules-table tbody th button")[arguments[0]].click()', row)
            self.wait(lambda: self.script('return location.hash') != before)
            last = name.rsplit('/', 1)[-1]
            if last.isascii() and last.isprintable():
                self.assertEqual(self.texts('.panel h3'), [last])

    def test_long_names_stay_on_the_page(self):
        self.show(report=self.hostile())
        self.assertLessEqual(self.script('return document.documentElement.scrollWidth'),
                             self.script('return document.documentElement.clientWidth'))

    def test_the_policy_lets_nothing_else_run_or_load(self):
        self.show(report=documents.tree(5))
        policy = self.one('meta[http-equiv]').get_attribute('content')
        page = (self.tmp / 'page.html').read_text(encoding='utf-8')
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn('unsafe', policy)

        def hashes(pattern):
            return [f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
                    for text in re.findall(pattern, page, re.S)]

        scripts = hashes('<script>(.*?)</script>')
        self.assertEqual(len(scripts), 2)
        self.assertIn(f"script-src {' '.join(scripts)};", policy)
        self.assertIn(f"style-src {hashes('<style>(.*?)</style>')[0]};", policy)
        self.script('''const s = document.createElement('script'); s.textContent = 'window.ran = 1';
            document.head.append(s);
            const i = new Image(); i.src = 'file:///nowhere.png';''')
        self.assertIsNone(self.script('return window.ran'))
        refused = self.wait(lambda: self.browser.get_log('browser'))
        self.browser.get_log('performance')  # it has the attempt too
        self.assertTrue(all('Content Security Policy' in entry['message'] for entry in refused), refused)


if __name__ == '__main__':
    unittest.main()
