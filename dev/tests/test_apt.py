import tempfile
import unittest
from pathlib import Path

from runtime import apt

DEB822 = """\
# written by the installer
Types: deb deb-src
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
Enabled: no
URIs: http://switched-off.example/debian
Suites: trixie
Components: main

Types: deb-src
URIs: http://sources-only.example/debian
Suites: bookworm
Components: main
"""

INLINE_KEY = """\
Types: deb
URIs: http://mirror.example/debian
Suites: trixie
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
"""

ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/etc/apt/keyrings/vendor.gpg] https://vendor.example/apt stable main # a vendor
deb http://mirror.example/debian bookworm main contrib
deb http://mirror.example/debian bookworm-updates main
"""


class TestSources(unittest.TestCase):
    def test_deb822_keeps_enabled_binary_sources(self):
        found = [(source.uri, source.suite) for source in apt.parse_deb822(DEB822)]
        self.assertEqual(
            found,
            [
                ("http://mirror.example/debian/", "bookworm"),
                ("http://mirror.example/debian/", "bookworm-updates"),
                ("http://mirror.example/debian-security", "bookworm-security"),
            ],
        )

    def test_deb822_key_in_the_file_itself(self):
        (source,) = apt.parse_deb822(INLINE_KEY)
        self.assertEqual(source.options, ())

    def test_one_line(self):
        found = apt.parse_one_line(ONE_LINE)
        self.assertEqual([source.suite for source in found], ["stable", "bookworm", "bookworm-updates"])
        self.assertEqual(found[0].options, (("signed-by", "/etc/apt/keyrings/vendor.gpg"),))
        self.assertEqual(found[0].components, ("main",))

    def test_main_archive_is_neither_a_pocket_nor_a_vendor(self):
        for text, parse in ((DEB822, apt.parse_deb822), (ONE_LINE, apt.parse_one_line)):
            source = apt.debian_main(parse(text))
            self.assertEqual(source.suite, "bookworm")
            self.assertIn("mirror.example/debian", source.uri)

    def test_another_distribution_has_no_debian_archive(self):
        ubuntu = apt.parse_one_line("deb http://archive.example/ubuntu noble main universe")
        self.assertIsNone(apt.debian_main(ubuntu, distribution="ubuntu"))

    def test_debian_with_a_mirror_of_another_name(self):
        source = apt.parse_one_line("deb mirror+file:/etc/apt/mirrors/ours.list trixie main")
        self.assertEqual(apt.debian_main(source, distribution="debian"), source[0])

    def test_another_suite_of_the_same_place(self):
        source = apt.debian_main(apt.parse_deb822(DEB822))
        line = source.one_line("sid")
        keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
        self.assertEqual(line, f"deb [signed-by={keyring}] http://mirror.example/debian/ sid main\n")

    def test_reads_both_formats_and_nothing_else(self):
        with tempfile.TemporaryDirectory() as folder:
            parts = Path(folder, "sources.list.d")
            parts.mkdir()
            Path(folder, "sources.list").write_text(ONE_LINE)
            (parts / "debian.sources").write_text(DEB822)
            (parts / "vendor.list.disabled").write_text("deb http://disabled.example/debian bookworm main")
            found = apt.machine_sources(Path(folder))
        self.assertEqual(len(found), 6)
        self.assertNotIn("http://disabled.example/debian", [source.uri for source in found])
