package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/debriefhq/debrief/incident"
)

// words are the labels that are not their value with spaces for underscores.
var words = map[string]string{
	string(incident.SEV1): "SEV1", string(incident.SEV2): "SEV2",
	string(incident.SEV3): "SEV3", string(incident.SEV4): "SEV4",
	string(incident.NotDoing):   "won’t be done",
	string(incident.StatusPage): "status page",
	string(incident.WentWell):   "What went well",
	string(incident.WentWrong):  "What went wrong",
	string(incident.Lucky):      "Where we were lucky",
	string(incident.Recorded):   "said elsewhere",
	string(incident.Prevent):    "prevents it", string(incident.Detect): "detects it",
	string(incident.Mitigate): "softens it", string(incident.Process): "process",
	string(incident.Document): "documentation",

	"silenced":  "silenced findings",
	"did filed": "filed it", "did restored": "restored it", "did changed": "changed", "did appended": "added", "did edited": "changed",
	"did removed": "took out", "did commented": "commented", "did moved": "moved it on", "did archived": "archived it", "did reviewed": "reviewed it",
}

// word labels a value of a closed set.
func word(value any) string {
	text, is := value.(string)
	if !is {
		text = fmt.Sprint(value)
	}
	if label, ok := words[text]; ok {
		return label
	}
	return strings.ReplaceAll(text, "_", " ")
}

// confidence labels how sure a factor is.
func confidence(c incident.Confidence) string {
	if c == incident.UnknownConfidence {
		return "not yet known"
	}
	return string(c)
}

// icons show how far a status or an action has come.
var icons = map[string]string{
	string(incident.Investigating): "quarter0", string(incident.Identified): "quarter1",
	string(incident.Monitoring): "quarter3", string(incident.Resolved): "over",
	string(incident.Scheduled): "quarter0", string(incident.MaintenanceInProgress): "quarter2",
	string(incident.Verifying): "quarter3", string(incident.Completed): "over",
	string(incident.Open): "quarter0", string(incident.Done): "over", string(incident.NotDoing): "cross",
}

// progress names the icon of a status or of an action's state.
func progress(state any) string { return icons[fmt.Sprint(state)] }

// figure writes a number as people do: 1.4, 3 500.
func figure(value float64) string {
	text := strconv.FormatFloat(value, 'f', -1, 64)
	whole, rest, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "−", whole[1:]
	}
	for i := len(whole) - 3; i > 0 && len(whole) > 4; i -= 3 {
		whole = whole[:i] + "\u202f" + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	return sign + whole
}

// where says where an address leads, short enough to read and long enough to
// tell two apart: its host, the last part of its path, and what it asks there.
func where(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host, parts := strings.TrimPrefix(u.Host, "www."), strings.Split(strings.Trim(u.Path, "/"), "/")
	end := parts[len(parts)-1]
	if u.RawQuery != "" {
		end += "?" + u.RawQuery
	}
	last := []rune(end)
	if len(last) > 32 {
		last = append(last[:31], '…')
	}
	switch {
	case len(last) == 0:
		return host
	case len(parts) == 1:
		return host + "/" + string(last)
	}
	return host + "/…/" + string(last)
}

// capital begins a line.
func capital(text string) string {
	first, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[n:]
}

// joined is names, at least one, in a sentence: "Voice, SMS and Billing".
func joined(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
