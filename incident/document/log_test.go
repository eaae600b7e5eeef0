package document

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
)

// pasted is what the tests read against: on call in Los Angeles, the day after.
func pasted() incident.When {
	near := incident.Exactly(time.Date(2013, 7, 18, 9, 35, 0, 0, time.UTC), "America/Los_Angeles", incident.Minute)
	return incident.When{Zone: "America/Los_Angeles", Near: &near, Now: time.Date(2013, 7, 19, 16, 0, 0, 0, time.UTC)}
}

// noted writes entries down, one a line: UTC, kind, actor, text.
func noted(t *testing.T, text string) []string {
	t.Helper()
	found, err := ReadLog(text, pasted())
	if err != nil {
		t.Fatalf("ReadLog(%q): %v", text, err)
	}
	var lines []string
	for _, n := range found {
		at := "-"
		switch {
		case n.Why != "":
			at = "? " + n.When
		case n.At.Known():
			at = n.At.At.Format("02 15:04:05")
		case n.When != "":
			at = n.When
		}
		if n.Until.Known() {
			at += n.Until.At.Format("–15:04")
		}
		lines = append(lines, strings.TrimSuffix(fmt.Sprintf("%s %s|%s|%s", at, n.Kind, n.Actor, n.Text), "\n"))
	}
	return lines
}

func TestReadLogUnderstandsWhatPeoplePaste(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"a chat with times in brackets", "[02:42] alice: redis-01 is gone\n[02:43] bob: I restarted it", []string{
			"18 09:42:00 observation|alice|redis-01 is gone", "18 09:43:00 action|bob|I restarted it"}},
		{"Slack, with the words below the name", "alice  2:42 AM\nredis-01 is gone\nbalances read zero\n2:44\nstill\n\nBob Miller  2:50 AM\nPaged the database team\n", []string{
			"18 09:42:00 observation|alice|redis-01 is gone\nbalances read zero", "18 09:44:00 observation|alice|still", "18 09:50:00 escalation|Bob Miller|Paged the database team"}},
		{"Slack, with the time on a line of its own", "alice\n  2:42 AM\nlooking\n2:43\nfound it\n\nBob Miller\n2:44 AM\nwhat\n", []string{
			"18 09:42:00 observation|alice|looking", "18 09:43:00 observation|alice|found it", "18 09:44:00 observation|Bob Miller|what"}},
		{"Slack, with brackets", "Alice Park  [2:42 AM]\nhello\n[2:43 AM] and again", []string{"18 09:42:00 observation|Alice Park|hello", "18 09:43:00 observation|Alice Park|and again"}},
		{"Teams, with the name behind the time", "[7/18 2:42 AM] Alice Park: down\n[2:43 AM] Bob Miller\nlooking", []string{"18 09:42:00 observation|Alice Park|down", "18 09:43:00 observation|Bob Miller|looking"}},
		{"Discord", "alice — Yesterday at 2:42 AM\ndown\nbob — Yesterday at 2:43 AM\nyes", []string{"18 09:42:00 observation|alice|down", "18 09:43:00 observation|bob|yes"}},
		{"IRC", "02:42 <@alice> down\n02:43:10 < bob> yes: really\n02:44 -!- carol joined\n02:45:11  dave | me too", []string{
			"18 09:42:00 observation|alice|down", "18 09:43:10 observation|bob|yes: really", "18 09:44:00 observation||-!- carol joined", "18 09:45:11 observation|dave|me too"}},
		{"WhatsApp", "[18/07/2013, 02:42:11] Alice: down\n18/07/2013, 02:43 - Bob: yes", []string{"18 09:42:11 observation|Alice|down", "18 09:43:00 observation|Bob|yes"}},
		{"a terminal", "2013-07-18T09:42:11Z redis-01 sentinel: +sdown master\n2013-07-18T09:42:12.5Z plain words\n  at line 3\n", []string{
			"18 09:42:11 observation|redis-01 sentinel|+sdown master", "18 09:42:12 observation||plain words\n  at line 3"}},
		{"journalctl and syslog", "Jul 18 02:42:11 web-1 nginx[812]: worker exited\nThu 2013-07-18 09:42:12 UTC web-1 kernel: oom", []string{
			"18 09:42:11 observation|web-1 nginx|worker exited", "18 09:42:12 observation|web-1 kernel|oom"}},
		{"CloudWatch", "2013-07-18T09:42:11.123-07:00\tERROR: no balance\n2013-07-18T02:43:00.000-07:00\tok", []string{
			"18 16:42:11 observation||ERROR: no balance", "18 09:43:00 observation||ok"}},
		{"a shell's history", "  501  2013-07-18 02:42:11 redis-cli info\n  502  2013-07-18 02:43:11 service redis restart", []string{
			"18 09:42:11 observation||redis-cli info", "18 09:43:11 observation||service redis restart"}},
		{"bullets", "- 02:42 PDT: we notice\n- **02:50** - we decided to wait\n- nobody knows when: a customer wrote\n  twice", []string{
			"18 09:42:00 observation||we notice", "18 09:50:00 decision||we decided to wait", "- observation||nobody knows when: a customer wrote\n  twice"}},
		{"ranges and times that nobody knows", "02:42-02:55 graphs flat\n02:50 – 03:10 PDT: waiting\n03:?? charges began\n[??:??] somebody called", []string{
			"18 09:42:00–09:55 observation||graphs flat", "18 09:50:00–10:10 observation||waiting", "18 10:00:00 observation||charges began", "??:?? observation||somebody called"}},
		{"a day above its times", "--- Day changed Fri Jul 19 2013\n02:42 <alice> it is back to normal", []string{"19 09:42:00 recovery|alice|it is back to normal"}},
		{"a day without a time", "Thursday, 18 July 2013\nnothing", []string{"18 07:00:00 observation||Thursday, 18 July 2013", "- observation||nothing"}},
		{"a table", "| Time | Kind | What happened |\n|---|---|---|\n| 02:42 | detection | The alarm rings |\n| 02:50 PDT | | we wait |", []string{
			"18 09:42:00 detection||The alarm rings", "18 09:50:00 observation||we wait"}},
		{"a table with a column of its own", "| Time | Weather |\n|---|---|\n| 02:42 | rain |", []string{
			"- observation||| Time | Weather |", "18 09:42:00 observation||rain"}},
		{"lines without any time", "restarted the master\nNote: it was dark\nbob: yes", []string{
			"- action||restarted the master", "- observation||Note: it was dark", "- observation|bob|yes"}},
		{"a line before the first time", "from #ops\n02:42 down", []string{"- observation||from #ops", "18 09:42:00 observation||down"}},
		{"what only looks like a time", "02:42 AWS is down\n1.25 GB free\n2013 users\n12 hosts\n02:43x", []string{
			"18 09:42:00 observation||AWS is down\n1.25 GB free\n2013 users\n12 hosts\n02:43x"}},
		{"a time that can't be read", "7/18/13, 2:42 AM down", []string{"? 7/18/13, 2:42 AM observation||down"}},
		{"over midnight", "23:50 down\n00:10 up", []string{"18 06:50:00 observation||down", "18 07:10:00 observation||up"}},
		{"two clocks", "2:42 AM PDT / 09:42 UTC down", []string{"18 09:42:00 observation||down"}},
		{"counted from the one before", "02:42 down\n+6m up", []string{"18 09:42:00 observation||down", "18 09:48:00 observation||up"}},
		{"nothing", " \n\n", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := noted(t, tt.text)
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("ReadLog(%q) =\n%s\nwant\n%s", tt.text, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestReadLogBoundsWhatItMakes(t *testing.T) {
	t.Parallel()
	if _, err := ReadLog(strings.Repeat("02:42 x\n", MostNoted+1), pasted()); err == nil {
		t.Errorf("%d entries are not refused", MostNoted+1)
	}
	if _, err := ReadLog("\xff", pasted()); err == nil {
		t.Error("what is not UTF-8 is not refused")
	}
}

// A person waits for it.
func TestReadLogTakesTimeInProportionToTheText(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]func(size int) string{
		"lines of one entry": func(n int) string { return "02:42 x\n" + strings.Repeat("y\n", n/2) },
		"cells of one row":   func(n int) string { return "| 02:42 |" + strings.Repeat(" a |", n/4) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			incidenttest.InProportion(t, 500_000, func(size int) {
				if _, err := ReadLog(text(size), pasted()); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// lettersIn counts the letters of a text.
func lettersIn(text string, count map[rune]int, by int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			count[r] += by
		}
	}
}

func FuzzReadLog(f *testing.F) {
	f.Add("[02:42] alice: x\nbob  2:43 AM\ny\n| a | 02:44 | b |\n--- Day changed Fri Jul 19 2013\n")
	f.Add("Thursday, 18 July 2013\n*02:42* x\n- [??:??] y\n12:26-12:40 z\n2013-07-18T09:42:11Z h a[1]: b")
	f.Add("| Time | Kind | What |\n|-|-|-|\n| 02:42 | odd | x | y |\nA\n\nB  10:42")
	f.Fuzz(func(t *testing.T, text string) {
		found, err := ReadLog(text, pasted())
		if err != nil {
			return
		}
		missing := map[rune]int{}
		lettersIn(text, missing, 1)
		if strings.ContainsAny(text, "|[") || strings.Contains(text, "Day changed") {
			missing = map[rune]int{} // the header of a table is no entry, the number of a process no word
		}
		for _, n := range found {
			if n.Text == "" {
				t.Fatalf("ReadLog(%q) makes an entry without a text: %+v", text, n)
			}
			if n.At != nil && n.Why != "" || n.At == nil && n.When != "" && n.Why == "" {
				t.Fatalf("ReadLog(%q) can't say whether it understood %+v", text, n)
			}
			lettersIn(n.When+n.Actor+n.Text, missing, -1)
		}
		for r, left := range missing {
			if left > 0 {
				t.Fatalf("ReadLog(%q) loses %d times %q: %+v", text, left, r, found)
			}
		}
	})
}
