package insight

import (
	"fmt"
	"time"

	"github.com/debriefhq/debrief/incident"
)

// Period is a month of UTC, as 201307, or a year, as 2013.
type Period int

func monthOf(at time.Time) Period { return Period(at.UTC().Year()*100 + int(at.UTC().Month())) }

// Year tells whether it is a year.
func (p Period) Year() bool { return p < 10_000 }

// YearOf is the year that a month is in.
func (p Period) YearOf() Period { return p / 100 }

// Next is the month after a month, n months later.
func (p Period) Next(n int) Period {
	months := int(p/100)*12 + int(p%100) - 1 + n
	return Period(months/12*100 + months%12 + 1)
}

// Begins is the first instant of the period.
func (p Period) Begins() time.Time {
	if p.Year() {
		return time.Date(int(p), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(int(p/100), time.Month(p%100), 1, 0, 0, 0, 0, time.UTC)
}

// String writes it as 2013-07 or 2013.
func (p Period) String() string {
	if p.Year() {
		return fmt.Sprintf("%04d", int(p))
	}
	return fmt.Sprintf("%04d-%02d", int(p/100), int(p%100))
}

// Range is whole months of UTC, from the first to the last.
type Range struct{ From, To Period }

// mostYears bounds a range.
const mostYears = 40

// Months is how many months it has.
func (r Range) Months() int {
	return int(r.To/100-r.From/100)*12 + int(r.To%100-r.From%100) + 1
}

// Before is the range of the same length before it.
func (r Range) Before() Range { return Range{r.From.Next(-r.Months()), r.From.Next(-1)} }

// ReadRange reads the first and the last month, as 2013-07; the last is now's unless said, and the first eleven months
// before the last.
func ReadRange(from, to string, now time.Time) (Range, error) {
	r := Range{To: monthOf(now)}
	var err error
	if to != "" {
		if r.To, err = readMonth("to", to); err != nil {
			return r, err
		}
	}
	r.From = r.To.Next(-11)
	if from != "" {
		if r.From, err = readMonth("from", from); err != nil {
			return r, err
		}
	}
	switch n := r.Months(); {
	case n < 1:
		return r, incident.Refuse(incident.Malformed, "from", fmt.Sprintf("from is %s, after %s: write the earlier month first", r.From, r.To))
	case n > mostYears*12:
		return r, incident.Refuse(incident.Malformed, "from", fmt.Sprintf("from is more than %d years before %s: ask for less at once", mostYears, r.To))
	}
	return r, nil
}

func readMonth(name, text string) (Period, error) {
	at, err := time.Parse("2006-01", text)
	if err != nil || at.Year() < 1970 || at.Year() > 2200 {
		return 0, incident.Refuse(incident.Malformed, name, fmt.Sprintf("%s is %.20q: write a month from 1970-01 to 2200-12, such as 2013-07", name, text))
	}
	return monthOf(at), nil
}

// Grain is how long one point of a curve is, in months.
type Grain int

// The grains.
const (
	Monthly   Grain = 1
	Quarterly Grain = 3
	Yearly    Grain = 12
)

// String names it.
func (g Grain) String() string {
	return map[Grain]string{Monthly: "month", Quarterly: "quarter", Yearly: "year"}[g]
}

// Grain is the finest that leaves a curve few points.
func (r Range) Grain() Grain {
	switch n := r.Months(); {
	case n <= 13:
		return Monthly
	case n <= 39:
		return Quarterly
	}
	return Yearly
}

// Points cuts the range at the beginnings of months, quarters or years; the first and the last may be shorter.
func (r Range) Points() []Range {
	var all []Range
	grain := int(r.Grain())
	for from := r.From; from <= r.To; {
		last := from.Next(grain - 1 - (int(from%100)-1)%grain)
		all = append(all, Range{from, min(last, r.To)})
		from = last.Next(1)
	}
	return all
}

// Name is what a point is called: 2013-07, 2013 Q3, 2013.
func (r Range) Name() string {
	switch {
	case r.From == r.To:
		return r.From.String()
	case r.Months() == 12 && r.From%100 == 1:
		return r.From.YearOf().String()
	case r.Months() == 3 && (r.From%100)%3 == 1:
		return fmt.Sprintf("%s Q%d", r.From.YearOf(), (r.From%100)/3+1)
	}
	return r.From.String() + " – " + r.To.String()
}
