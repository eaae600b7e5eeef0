package incidenttest

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
)

// hostile are pieces that some format reads as more than text.
var hostile = []string{
	"# heading", "## Timeline", "---", "+++", "...", "| a | b |", "|", "- item", "* star", "1. one", "> quote",
	"**bold**", "_em_", "`code`", "```", "~~~", "[a](https://example.org)", "](", "![x](y)", "<!-- note -->", "-->",
	"<script>alert(1)</script>", "<b>", "&amp;", "&", "<", ">", "key: value", "key:", ": x", "{a: b}", "[1, 2]", "{{ .Title }}",
	"{% raw %}", "null", "true", "no", "~", "@at", "!tag", "*alias", "&anchor", "%percent", "'", "\"", "\\", "\\n", "#", " #x",
	"2013-07-18", "09:42", "0x1f", "1e3", "-1", "INC-7", "public:", "debrief:", "title: x", "é", "e\u0301", "日本語", "👩‍🚒", "مرحبا",
	"\u202eright", "\u00a0", "\u2028", "\ufeff", "\u200b", "$HOME", "a,b;c", "x", "restarted the master", "(internal)", "=", "===",
}

// piece is a word, hostile or random.
func piece(t *rapid.T) string {
	if rapid.IntRange(0, 4).Draw(t, "random") > 0 {
		return rapid.SampledFrom(hostile).Draw(t, "piece")
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, rapid.StringN(0, 12, -1).Draw(t, "letters"))
}

// line is one line of 1 to most characters, in normal form.
func line(t *rapid.T, most int) string {
	pieces := rapid.SliceOfN(rapid.Custom(piece), 1, 3).Draw(t, "pieces")
	separator := rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "separator")
	letters := []rune(strings.TrimSpace(strings.Join(pieces, separator)))
	if len(letters) > 0 && rapid.IntRange(0, 19).Draw(t, "long") == 0 {
		letters = slices.Repeat(letters, most/len(letters)+1) // to the last letter that is kept
	}
	text := strings.TrimSpace(string(letters[:min(len(letters), most)]))
	if text == "" {
		return "x"
	}
	return text
}

// text is one or several lines, some of them blank or indented; few are long.
func text(t *rapid.T) string {
	var b strings.Builder
	b.WriteString(one(t, "begin", "", "", "", "    ", "\t", " "))
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		if i > 0 {
			b.WriteString(rapid.SampledFrom([]string{"\n", "\n", "\n\n", "\n\n\n", "\n    ", "\n\t", "  \n"}).Draw(t, "end"))
		}
		b.WriteString(line(t, 80))
	}
	if rapid.IntRange(0, 39).Draw(t, "long") == 0 {
		return strings.Repeat(b.String()+"\n\n", 6000/b.Len()) + b.String()
	}
	return b.String()
}

// maybe is f's value or "".
func maybe(t *rapid.T, f func() string) string {
	if rapid.Bool().Draw(t, "empty") {
		return ""
	}
	return f()
}

// zones hold whole hours and odd minutes, both hemispheres, and no daylight saving.
var zones = []string{
	"UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia", "+05:30", "-03:00",
	"Etc/GMT+5", "EST5EDT", "America/Argentina/Buenos_Aires", "Africa/Casablanca", "+00:00", "-09:30",
}

func zone(t *rapid.T) string { return rapid.SampledFrom(zones).Draw(t, "zone") }

// instant is a time that a record may hold; most are near each other.
func instant(t *rapid.T) time.Time {
	day := time.Date(2013, 7, 18, 0, 0, 0, 0, time.UTC)
	switch rapid.IntRange(0, 5).Draw(t, "era") {
	case 0:
		return time.UnixMicro(rapid.Int64Range(0, 7289654399999999).Draw(t, "micro")).UTC()
	case 1:
		return day.Add(time.Duration(rapid.IntRange(-86400, 2*86400).Draw(t, "second")) * time.Second)
	default:
		return day.Add(time.Duration(rapid.IntRange(-60, 2880).Draw(t, "minute")) * time.Minute)
	}
}

// moment is in the zone at home or elsewhere, known or not.
func moment(t *rapid.T, home string) incident.Moment {
	m := incident.Moment{Zone: home, Precision: incident.UnknownPrecision}
	if rapid.IntRange(0, 4).Draw(t, "elsewhere") == 0 {
		m.Zone = zone(t)
	}
	if rapid.IntRange(0, 5).Draw(t, "known") > 0 {
		at := instant(t)
		m.At = &at
		m.Precision = rapid.SampledFrom([]incident.Precision{incident.Second, incident.Minute, incident.Hour, incident.Day}).Draw(t, "precision")
	}
	m.Approximate = rapid.IntRange(0, 3).Draw(t, "approximate") == 0
	if rapid.IntRange(0, 2).Draw(t, "written") == 0 {
		m.AsWritten = line(t, 50) // 200 bytes
		if rapid.Bool().Draw(t, "clock") {
			m.AsWritten = rapid.SampledFrom([]string{"2:42 AM PDT", "Time TBC", "~09:40", "--:--", "[???]", "12:26-12:??"}).Draw(t, "as written")
		}
	}
	return m
}

// maybeMoment is a moment or nil.
func maybeMoment(t *rapid.T, home string) *incident.Moment {
	if rapid.Bool().Draw(t, "no moment") {
		return nil
	}
	m := moment(t, home)
	return &m
}

// link is an address, plain words or "".
func link(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		"", "https://example.org/a?b=c&d=%20#e", "http://example.org/(x)", "mailto:ops@example.org", "ticket 123", "OPS-4711", "see the log | page 2",
	}).Draw(t, "link")
}

func id(t *rapid.T) string {
	var random [8]byte
	copy(random[:], rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(t, "id"))
	return incident.NewID(random)
}

func audience(t *rapid.T) incident.Audience {
	return rapid.SampledFrom([]incident.Audience{incident.AudiencePublic, incident.AudienceInternal, incident.AudiencePrivate}).Draw(t, "audience")
}

// list is up to most values.
func list[T any](t *rapid.T, name string, most int, f func(*rapid.T) T) []T {
	n := rapid.IntRange(0, most).Draw(t, name)
	all := make([]T, n)
	for i := range all {
		all[i] = f(t)
	}
	return all
}

// one is any of a closed set.
func one[T any](t *rapid.T, name string, set ...T) T { return rapid.SampledFrom(set).Draw(t, name) }
