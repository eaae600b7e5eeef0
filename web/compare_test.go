package web

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/debriefhq/debrief/incident"
)

// rightTexts are all texts that a page says outsiders read.
func rightTexts(c comparison) []string {
	var all []string
	for _, s := range c.Sections {
		for _, p := range s.Rows {
			if p.Right != nil {
				texts("", reflect.ValueOf(p.Right), func(_ string, v reflect.Value) { all = append(all, v.String()) })
			}
		}
	}
	return all
}

func TestTheRightSideHoldsNothingButThePublicVersion(t *testing.T) {
	t.Parallel()
	in := filed(t)
	texts("", reflect.ValueOf(in), func(path string, v reflect.Value) {
		if strings.HasSuffix(path, "/Text") || strings.HasSuffix(path, "/Body") || strings.HasSuffix(path, "Actor") || strings.HasSuffix(path, "/Name") {
			v.SetString("team" + strings.ReplaceAll(path, "/", "x"))
		}
	})
	for i := range in.Timeline {
		in.Timeline[i].Audience = incident.AudienceInternal
	}
	in.Timeline[0].Audience, in.Timeline[0].Text = incident.AudiencePublic, "told"
	in.Messages, in.Impacts, in.Actions, in.Analysis = nil, nil, nil, incident.Analysis{}
	c := newComparison(in)
	all := rightTexts(c)
	if !slices.Contains(all, "told") {
		t.Error("the right side lacks the public entry")
	}
	for _, text := range all {
		if strings.HasPrefix(text, "team") {
			t.Errorf("the right side holds %q, which only the team sees", text)
		}
	}
}

func TestThePageWarnsOfWhatOutsidersWouldReadWrong(t *testing.T) {
	t.Parallel()
	in := filed(t)
	if c := newComparison(in); len(c.Warnings)+len(c.Lacks) > 0 {
		t.Errorf("the page warns of a public version that is right: %+v %q", c.Warnings, c.Lacks)
	}
	in.PublicSummary = "Cards were charged from 7:11 AM PDT on 18 July 2013. Noor Haddad stopped it."
	rules := map[string]bool{}
	for _, f := range newComparison(in).Warnings {
		rules[f.Rule] = true
	}
	if !rules["public_time"] || !rules["public_person"] {
		t.Errorf("of another time and a name the page says %v", rules)
	}
}

func TestWhatIsWithheldSaysWhy(t *testing.T) {
	t.Parallel()
	in := filed(t)
	in.Timeline = []incident.Entry{
		{PartHead: incident.PartHead{ID: "aaaaaaaaaaaa"}, Text: "inside", Audience: incident.AudienceInternal},
		{PartHead: incident.PartHead{ID: "bbbbbbbbbbbb"}, Text: "secret", Audience: incident.AudiencePrivate},
		{PartHead: incident.PartHead{ID: "cccccccccccc"}, Text: "key AKIAIOSFODNN7EXAMPLQ leaked", Actor: "Noor Haddad", Audience: incident.AudiencePublic},
	}
	in.Normalize()
	in.PublicTitle, in.PublicSummary = "", ""
	c := newComparison(in)
	var why []string
	for _, s := range c.Sections {
		if s.Name == "Timeline" {
			for _, p := range s.Rows {
				why = append(why, strings.Join(p.Why, " "))
			}
		}
	}
	if len(why) != 3 || why[0] != "Only the team sees it." || !strings.HasPrefix(why[1], "Only the people named") || !strings.Contains(why[2], "credential") || !strings.Contains(why[2], "roles") {
		t.Errorf("the reasons are %q", why)
	}
	if len(c.Lacks) != 2 {
		t.Errorf("without a public title and summary the page says %q", c.Lacks)
	}
	if strings.Contains(strings.Join(rightTexts(c), " "), "AKIA") {
		t.Error("the right side holds the credential")
	}
}
