package insight_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/debriefhq/debrief/incident"
	"github.com/debriefhq/debrief/incident/incidenttest"
	"github.com/debriefhq/debrief/incident/insight"
)

var today = time.Date(2026, 5, 20, 9, 0, 0, 0, time.UTC)

// kept is the sheet as it is read again, with its values elsewhere.
func kept(t *rapid.T, s *insight.Sheet, row int64, values map[int64][]byte) *insight.Sheet {
	head, apart := s.Keep()
	again, err := insight.Kept(head)
	if err != nil {
		t.Fatalf("Kept(Keep) = %v", err)
	}
	again.Row, values[row] = row, apart
	return again
}

func fill(t *rapid.T, r *insight.Reading, values map[int64][]byte) {
	for _, p := range r.Pieces() {
		if err := p.Fill(values[p.Row][p.At : p.At+p.Size]); err != nil {
			t.Fatalf("Fill = %v", err)
		}
	}
}

// made are facts of random records, spread over three years.
func made(t *rapid.T) []insight.Facts {
	var all []insight.Facts
	for i := range rapid.IntRange(0, 40).Draw(t, "incidents") {
		in := incidenttest.Records().Draw(t, "record")
		in.CreatedAt = time.Date(2020, time.Month(1+i%36), 3, 4, 5, 6, 0, time.UTC)
		if s := in.Milestones.Started; s.Known() && rapid.Bool().Draw(t, "lately") {
			at := time.Date(2020, time.Month(1+i%36), 1+i%28, i%24, 0, i, 0, time.UTC)
			s.At = &at
		}
		if insight.Counts(in) {
			all = append(all, insight.Of(in, nil, today))
		}
	}
	return all
}

func TestItMakesNoDifferenceWhichSheetsFactsWereAddedUpIn(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all, values := made(t), map[int64][]byte{}
		q := insight.Question{Range: insight.Range{From: 202001, To: 202212}, Kind: incident.KindIncident}
		if len(all) > 0 && rapid.Bool().Draw(t, "narrow") {
			some := rapid.SampledFrom(all).Draw(t, "like")
			q.Severity = string(some.Severity)
			if len(some.Components) > 0 {
				q.Component = some.Components[0]
			}
		}
		plain := &insight.Reading{Question: q, Sheets: map[insight.Period][]*insight.Sheet{}, Today: today}
		months := map[insight.Period][]insight.Facts{}
		for _, f := range all {
			months[f.Month()] = append(months[f.Month()], f)
			if q.Cell().Of(&f) {
				one := insight.NewSheet()
				one.Add(&f, today)
				plain.Sheets[f.Month()] = append(plain.Sheets[f.Month()], one)
			}
		}
		cut := &insight.Reading{Question: q, Sheets: map[insight.Period][]*insight.Sheet{}, Today: today}
		years := map[insight.Period]*insight.Sheet{}
		for month, facts := range months {
			s := insight.Sheets(facts, today.AddDate(0, 0, -rapid.IntRange(0, 5000).Draw(t, "days ago")))[q.Cell()]
			if s == nil {
				continue
			}
			if year := month.YearOf(); year != 2021 {
				cut.Sheets[month] = append(cut.Sheets[month], kept(t, s, int64(month), values))
			} else {
				if years[year] == nil {
					years[year] = insight.NewSheet()
				}
				again := kept(t, s, 0, values)
				if err := again.Fill(values[0]); err != nil {
					t.Fatal(err)
				}
				years[year].Merge(again, today.AddDate(0, 0, -1))
			}
		}
		for year, s := range years {
			cut.Sheets[year] = append(cut.Sheets[year], kept(t, s, int64(year), values))
		}
		fill(t, cut, values)
		// a curve of quarters reads no years, so what is compared is the whole
		got, want := cut.Figures(), plain.Figures()
		got.Curve, want.Curve, got.Categories, want.Categories, got.Components, want.Components = nil, nil, nil, nil, nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("of kept sheets the figures are\n%+v\nof the incidents one by one\n%+v", got, want)
		}
	})
}

func TestTheRankOfADistributionIsThatOfTheSortedValues(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := insight.Question{Range: insight.Range{From: 202001, To: 202001}, Kind: incident.KindIncident}
		r := &insight.Reading{Question: q, Sheets: map[insight.Period][]*insight.Sheet{}, Today: today}
		values := map[int64][]byte{}
		var all []int64
		for i := range rapid.IntRange(1, 4).Draw(t, "sheets") {
			s := insight.NewSheet()
			for _, v := range rapid.SliceOf(rapid.Int64Range(-200_000, 1<<40)).Draw(t, "values") {
				v >>= rapid.IntRange(0, 40).Draw(t, "smaller")
				s.Add(&insight.Facts{Kind: q.Kind, Seconds: [insight.Measures]*int64{&v}}, today)
				all = append(all, v)
			}
			r.Sheets[202001] = append(r.Sheets[202001], kept(t, s, int64(i), values))
		}
		fill(t, r, values)
		got := r.Figures().Measures[0].Spread
		if slices.Sort(all); len(all) == 0 {
			if got.N != 0 || got.Median != nil || got.P90 != nil {
				t.Errorf("of no values the distribution is %+v", got)
			}
			return
		}
		half, most := all[(len(all)+1)/2-1], all[(9*len(all)+9)/10-1]
		if got.N != int64(len(all)) || *got.Median != half || *got.P90 != most {
			t.Errorf("of %v the distribution is n %d, median %d, p90 %d; want median %d, p90 %d", all, got.N, *got.Median, *got.P90, half, most)
		}
	})
}

func TestAKeptSheetOfAnotherFormIsRefused(t *testing.T) {
	t.Parallel()
	s := insight.NewSheet()
	v := int64(90)
	s.Add(&insight.Facts{Components: []string{"Billing"}, Seconds: [insight.Measures]*int64{&v}}, today)
	head, values := s.Keep()
	for i := range head {
		if again, err := insight.Kept(head[:i]); err == nil {
			t.Errorf("Kept takes the first %d of %d bytes: %+v", i, len(head), again)
		}
	}
	again, err := insight.Kept(head)
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Fill(values[:len(values)-1]); err == nil {
		t.Error("Fill takes values that were cut")
	}
}
