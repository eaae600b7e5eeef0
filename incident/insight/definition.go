package insight

// Measures is how many there are.
const Measures = 6

// toMitigate is the number of the measure that DORA calls time to restore.
const toMitigate = 2

// Definition says what a measure is, beside its figures.
type Definition struct {
	Key   string
	Title string
	Means string
}

// Definitions are the measures in their order: those of a record, in its words, and the longest silence.
var Definitions = [Measures]Definition{
	{"time_to_detect", "To detect", "From when users began to be hurt to when somebody or something noticed: detected − started."},
	{"time_to_acknowledge", "To acknowledge", "From when it was noticed to when somebody took it on: acknowledged − detected."},
	{"time_to_mitigate", "To mitigate", "How long users were hurt: mitigated − started."},
	{"time_to_resolve", "To resolve", "From when users began to be hurt to the end: resolved − started."},
	{"time_to_tell", "To the first customer message", "From when users began to be hurt to the first public message: first public message − started."},
	{"longest_silence", "Longest silence towards customers", "The longest time without a public message while it went on, from the start to the end, of incidents that are over."},
}

// How the figures of a distribution are read.
const (
	MedianMeans = "The median is the time that at least half of the incidents took at most, p90 the one that nine of ten took at most; each is the time of a real incident. " +
		"n counts the incidents of which both ends are known, negative times included as the record says them."
	// Few is how many values a distribution needs before its median says much.
	Few = 5
)

// measure is the number of a measure by its key, -1 for none.
func measure(key string) int {
	for i, d := range Definitions {
		if d.Key == key {
			return i
		}
	}
	return -1
}
