package incident

// Insights are figures about many incidents: of whole months of UTC, of one kind. Each names, as list, the filters of GET
// /incidents that show the incidents it is made of. What is private is left out, but for private incidents of the reader's own.
type Insights struct {
	From        string             `json:"from" doc:"The first month, UTC."`
	To          string             `json:"to" doc:"The last month."`
	Before      InsightsBefore     `json:"before" doc:"The months before, as many: what before stands for beside a figure."`
	Kind        IncidentKind       `json:"kind" enum:"incident,near_miss,maintenance"`
	Severity    string             `json:"severity" doc:"Empty: all."`
	Component   string             `json:"component" doc:"Empty: all."`
	Counts      string             `json:"counts" doc:"What is counted, in words."`
	Incomplete  bool               `json:"incomplete" doc:"More was written lately than has been added up: some is missing yet. Ask again in a minute."`
	Incidents   InsightCount       `json:"incidents"`
	Grain       string             `json:"grain" enum:"month,quarter,year" doc:"How long one point of the curve is."`
	Curve       []InsightPoint     `json:"curve" doc:"Oldest first."`
	Measures    []InsightMeasure   `json:"measures"`
	Telling     InsightTelling     `json:"telling"`
	FollowUps   InsightFollowUps   `json:"follow_ups"`
	Categories  []InsightName      `json:"categories" doc:"Of contributing factors; the most frequent first, at most thirty."`
	Components  []InsightName      `json:"components" doc:"The most frequent first, at most thirty."`
	Starts      InsightStarts      `json:"starts"`
	Deployments InsightDeployments `json:"deployments"`
}

// InsightsBefore is the range that a figure is compared with.
type InsightsBefore struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Incidents int64  `json:"incidents"`
}

// InsightCount is how many there are.
type InsightCount struct {
	N    int64  `json:"n"`
	List string `json:"list" doc:"Filters of GET /incidents."`
}

// InsightPoint is one month, quarter or year.
type InsightPoint struct {
	Name       string           `json:"name"`
	From       string           `json:"from"`
	To         string           `json:"to"`
	Incidents  InsightCount     `json:"incidents"`
	Severities map[string]int64 `json:"severities" doc:"By severity; the key none: nobody said."`
	Told       int64            `json:"told" doc:"Incidents of which customers were told."`
	Measures   []InsightSpread  `json:"measures" doc:"In the order of measures."`
}

// InsightSpread is a distribution of seconds: never a mean.
type InsightSpread struct {
	N      int64  `json:"n"`
	Median *int64 `json:"median" doc:"Seconds; null when n is 0."`
	P90    *int64 `json:"p90" doc:"Seconds."`
}

// InsightMeasure is a measure over the whole range.
type InsightMeasure struct {
	Key        string        `json:"key"`
	Title      string        `json:"title"`
	Definition string        `json:"definition"`
	Few        bool          `json:"few" doc:"There are less than five: the figures say little."`
	Spread     InsightSpread `json:"spread"`
	Before     InsightSpread `json:"before"`
	List       string        `json:"list" doc:"Filters of GET /incidents: those that n counts."`
	Slowest    string        `json:"slowest" doc:"The same: those that took as long as p90, or longer."`
}

// InsightTelling is what customers were told.
type InsightTelling struct {
	Definition string       `json:"definition"`
	Told       InsightCount `json:"told" doc:"Incidents with a public message."`
	Untold     InsightCount `json:"untold" doc:"Incidents without."`
	Kept       InsightCount `json:"kept" doc:"Promises of an update that were kept."`
	Late       InsightCount `json:"late" doc:"Promises that were kept late."`
	Broken     InsightCount `json:"broken" doc:"Promises that nothing followed in time."`
	Open       InsightCount `json:"open" doc:"Promises that may still be kept."`
}

// InsightFollowUps are the follow-ups of the incidents.
type InsightFollowUps struct {
	Definition string           `json:"definition"`
	All        InsightFates     `json:"all"`
	Kinds      []InsightFates   `json:"kinds"`
	Owners     []InsightFates   `json:"owners" doc:"Those with most overdue, then most open, first; at most thirty. The name is empty where there is no owner."`
	Ages       []InsightBetween `json:"ages" doc:"Of open ones: how long ago they were written."`
}

// InsightFates is what became of follow-ups.
type InsightFates struct {
	Name     string `json:"name"`
	Open     int64  `json:"open" doc:"Overdue ones too."`
	Overdue  int64  `json:"overdue"`
	InTime   int64  `json:"in_time" doc:"Done on the day they were due, or before."`
	Late     int64  `json:"late" doc:"Done later."`
	Done     int64  `json:"done" doc:"Done, but due on no day, or nobody knows when."`
	NotDoing int64  `json:"not_doing"`
	List     string `json:"list" doc:"Filters of GET /incidents."`
}

// InsightBetween counts what is at least and less than so many days old.
type InsightBetween struct {
	Name string `json:"name"`
	N    int64  `json:"n"`
	List string `json:"list" doc:"Filters of GET /incidents: those with follow-ups that are open."`
}

// InsightName is how many incidents have a name on them.
type InsightName struct {
	Name   string       `json:"name"`
	Of     InsightCount `json:"of"`
	Before int64        `json:"before"`
	Curve  []int64      `json:"curve" doc:"In the order of the curve."`
}

// InsightDeployments is how often changes reach production, and how soon users are helped.
type InsightDeployments struct {
	Definition    string             `json:"definition"`
	Frequency     InsightFrequency   `json:"frequency"`
	Before        InsightFrequency   `json:"before"`
	Curve         []InsightFrequency `json:"curve" doc:"In the order of the curve."`
	Restore       InsightSpread      `json:"time_to_restore" doc:"To mitigate, of the incidents counted."`
	RestoreBefore InsightSpread      `json:"time_to_restore_before"`
	RestoreList   string             `json:"time_to_restore_list" doc:"Filters of GET /incidents."`
}

// InsightFrequency is how many deployments there were in some months.
type InsightFrequency struct {
	Name      string  `json:"name"`
	Succeeded int64   `json:"succeeded"`
	Failed    int64   `json:"failed"`
	Days      int64   `json:"days" doc:"Days, UTC, on which one succeeded."`
	DaysOf    int64   `json:"days_of" doc:"Days that have begun."`
	PerWeek   float64 `json:"per_week" doc:"That succeeded, in seven of the days that have begun, to the hundredth."`
	List      string  `json:"list" doc:"Filters of GET /deployments."`
}

// InsightStarts is when incidents started, on the clock of the zone that each start was told in.
type InsightStarts struct {
	Definition string         `json:"definition"`
	Unknown    int64          `json:"unknown" doc:"Incidents whose start nobody told to the hour."`
	Hours      []InsightStart `json:"hours" doc:"Hours in which any started."`
}

// InsightStart is one hour of one day of the week.
type InsightStart struct {
	Weekday string       `json:"weekday" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday"`
	Hour    int          `json:"hour" minimum:"0" maximum:"23"`
	Of      InsightCount `json:"of"`
}
