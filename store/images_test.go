package store_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/store"
	"github.com/debriefhq/debrief/store/storetest"
)

// drawn is a PNG of its own for each width.
func drawn(t *testing.T, width int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 2))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnImageIsSeenByWhoSeesATextThatNamesIt(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Viewer)
	in := titled("Billing")
	in.People = []incident.Person{{Role: "author", Name: "Ada"}}
	n := must(s.File(t.Context(), ada, in)).Number
	m := must(s.AddImage(t.Context(), ada, n, "", drawn(t, 3)))
	sees := func(by incident.Actor) bool {
		_, file, err := s.Image(t.Context(), by, n, m.ID)
		if err != nil && !errors.Is(err, incident.NotFound) {
			t.Fatal(err)
		}
		return err == nil && len(file) == m.Size
	}
	want := func(when string, adas, bobs bool) {
		t.Helper()
		if sees(ada) != adas || sees(bob) != bobs {
			t.Errorf("%s: Ada sees it: %t, Bob: %t; want %t, %t", when, sees(ada), sees(bob), adas, bobs)
		}
		listed := len(must(s.Images(t.Context(), bob, n)))
		if (listed == 1) != bobs {
			t.Errorf("%s: Bob's list has %d images", when, listed)
		}
	}
	want("before a text names it", true, false)
	private := incident.Entry{Text: "A token " + m.Markdown("the dashboard"), Audience: incident.AudiencePrivate}
	parts := must(s.Append(t.Context(), ada, n, []incident.Part{&private}))
	want("in a private entry", true, false)
	_ = must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Entry{Text: m.Markdown("the dashboard"), Audience: incident.AudienceInternal}}))
	want("in an entry for the team", true, true)
	if err := s.RemovePart(t.Context(), ada, n, incident.Timeline, parts[0].Head().ID, 0); err != nil {
		t.Fatal(err)
	}
	want("without the private one", true, true)
	wantTrue(t, s)
}

func TestHistoryTellsTheIDOfAnImageToNobodyButThePeopleNamed(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Responder)
	in := titled("Billing")
	in.People = []incident.Person{{Role: "author", Name: "Ada"}}
	n := must(s.File(t.Context(), ada, in)).Number
	m := must(s.AddImage(t.Context(), ada, n, "", drawn(t, 3)))
	told := func(by incident.Actor) bool {
		for _, c := range must(s.History(t.Context(), by, n, 50, "")).Items {
			for _, d := range c.Changes {
				if strings.Contains(d.Path, m.ID) && strings.Contains(string(d.Value), `"image/png"`) {
					return true
				}
			}
		}
		return false
	}
	if !told(ada) || told(bob) {
		t.Errorf("history names the image to Ada: %t, to Bob: %t; want Ada alone", told(ada), told(bob))
	}
}

func TestImagesOfAPrivateIncidentAreNobodyElses(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Admin)
	in := titled("Payroll")
	in.Visibility, in.People = incident.VisiblePrivate, []incident.Person{{Role: "author", Name: "Ada"}}
	n := must(s.File(t.Context(), ada, in)).Number
	m := must(s.AddImage(t.Context(), ada, n, "", drawn(t, 3)))
	_ = must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Entry{Text: m.Markdown("it"), Audience: incident.AudiencePublic}}))
	_, _, one := s.Image(t.Context(), bob, n, m.ID)
	_, list := s.Images(t.Context(), bob, n)
	_, add := s.AddImage(t.Context(), bob, n, "", drawn(t, 4))
	for what, err := range map[string]error{"Image": one, "Images": list, "AddImage": add, "RemoveImage": s.RemoveImage(t.Context(), bob, n, m.ID)} {
		if !errors.Is(err, incident.NotFound) {
			t.Errorf("%s for somebody not named = %v, want NotFound", what, err)
		}
	}
}

func TestTheSameImageIsKeptOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(t.Context(), ada, titled("Billing"))).Number
	first := must(s.AddImage(t.Context(), ada, n, "", drawn(t, 3)))
	again := must(s.AddImage(t.Context(), ada, n, "", drawn(t, 3)))
	if all := must(s.Images(t.Context(), ada, n)); again.ID != first.ID || len(all) != 1 {
		t.Errorf("twice the same: %s and %s, %d kept", first.ID, again.ID, len(all))
	}
	other := must(s.File(t.Context(), ada, titled("Another"))).Number
	if _, _, err := s.Image(t.Context(), ada, other, first.ID); !errors.Is(err, incident.NotFound) {
		t.Errorf("the image of another incident = %v, want NotFound", err)
	}
	wantTrue(t, s)
}

func TestImagesAreBoundedAndBadOnesRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ada, bob := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Bob", incident.Viewer)
	n := must(s.File(t.Context(), ada, titled("Billing"))).Number
	if _, err := s.AddImage(t.Context(), bob, n, "", drawn(t, 3)); !errors.Is(err, incident.Forbidden) {
		t.Errorf("AddImage by a viewer = %v, want Forbidden", err)
	}
	if _, err := s.AddImage(t.Context(), ada, n, "image/svg+xml", []byte("<svg onload=alert(1)>")); !errors.Is(err, incident.Unsupported) {
		t.Errorf("AddImage of SVG = %v, want Unsupported", err)
	}
	if _, err := s.AddImage(t.Context(), ada, n, "image/jpeg", drawn(t, 3)); !errors.Is(err, incident.Unsupported) {
		t.Errorf("AddImage of a PNG that was sent as JPEG = %v, want Unsupported", err)
	}
	for i := range incident.MostImages {
		_ = must(s.AddImage(t.Context(), ada, n, "", drawn(t, i+1)))
	}
	if _, err := s.AddImage(t.Context(), ada, n, "", drawn(t, 500)); !errors.Is(err, incident.TooLarge) {
		t.Errorf("AddImage of one too many = %v, want TooLarge", err)
	}
	one := must(s.Images(t.Context(), ada, n))[7]
	if err := s.RemoveImage(t.Context(), ada, n, one.ID); err != nil {
		t.Fatal(err)
	}
	_ = must(s.AddImage(t.Context(), ada, n, "", drawn(t, 500)))
	wantTrue(t, s)
}

func TestWhatNoTextNamesForAWeekGoes(t *testing.T) {
	t.Parallel()
	url, now := storetest.URL(t), time.Now()
	s := must(store.Open(t.Context(), store.Options{URL: url, Key: storetest.Key, Now: func() time.Time { return now }}))
	t.Cleanup(s.Close)
	ada := storetest.Person(t, s, "Ada", incident.Responder)
	n := must(s.File(t.Context(), ada, titled("Billing"))).Number
	named, unnamed := must(s.AddImage(t.Context(), ada, n, "", drawn(t, 3))), must(s.AddImage(t.Context(), ada, n, "", drawn(t, 4)))
	_ = must(s.Append(t.Context(), ada, n, []incident.Part{&incident.Entry{Text: named.Markdown("it")}}))
	now = now.Add(8 * 24 * time.Hour)
	_ = must(s.AddImage(t.Context(), ada, n, "", drawn(t, 5)))
	for _, m := range must(s.Images(t.Context(), ada, n)) {
		if m.ID == unnamed.ID {
			t.Error("an image that no text named for eight days is still there")
		}
	}
	if _, _, err := s.Image(t.Context(), ada, n, named.ID); err != nil {
		t.Errorf("the image that a text names = %v", err)
	}
	wantTrue(t, s)
}

func TestVerifyFindsAnImageThatWasChangedInTheDatabase(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]string{
		"other bytes": `update images set bytes = '\x00'`,
		"gone":        `delete from images`,
		"a new one":   `insert into images select incident, 'aaaaaaaaaaaa', media_type, width, height, bytes, person, at from images`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := storetest.URL(t)
			s := storetest.Open(t, url)
			ada := storetest.Person(t, s, "Ada", incident.Responder)
			n := must(s.File(t.Context(), ada, titled("Billing"))).Number
			_ = must(s.AddImage(t.Context(), ada, n, "", drawn(t, 3)))
			wantTrue(t, s)
			execute(t, url, tamper)
			if report := must(s.Verify(t.Context())); len(report.Findings) != 1 || !strings.Contains(report.Findings[0].What, "/images/") {
				t.Errorf("Verify found %v, want the image", report.Findings)
			}
		})
	}
}

func TestTakingOutAnImageThatATextNamesVoidsApprovals(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ctx := t.Context()
	ada, rev := storetest.Person(t, s, "Ada", incident.Responder), storetest.Person(t, s, "Rev", incident.Reviewer)
	n := must(s.File(ctx, ada, titled("Billing"))).Number
	m := must(s.AddImage(ctx, ada, n, "", drawn(t, 3)))
	_ = must(s.Append(ctx, ada, n, []incident.Part{&incident.Entry{Text: m.Markdown("it")}}))
	_ = must(s.Review(ctx, ada, n, store.Seen{}, incident.ReviewStep{Move: incident.Submit}))
	_ = must(s.Review(ctx, rev, n, store.Seen{}, incident.ReviewStep{Move: incident.Approve}))
	_ = must(s.AddImage(ctx, ada, n, "", drawn(t, 4)))
	if in := must(s.Incident(ctx, ada, n)); len(in.Review.Approvals) != 1 {
		t.Error("an image that no text names voided an approval")
	}
	if err := s.RemoveImage(ctx, ada, n, m.ID); err != nil {
		t.Fatal(err)
	}
	if in := must(s.Incident(ctx, ada, n)); len(in.Review.Approvals) != 0 {
		t.Error("the approval of a text whose image is gone still holds")
	}
	wantTrue(t, s)
}
