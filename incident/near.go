package incident

import "strings"

// Nearest is the word that was likely meant by one that is none of them, which
// are in lower case; "" where none is near.
func Nearest(typed string, words []string) string {
	near, least := "", max(2, len(typed)/3)+1
	for _, w := range words {
		if d := distance(strings.ToLower(typed), w); d < least {
			near, least = w, d
		}
	}
	return near
}

// distance counts the letters to change between two words (Levenshtein), of
// which long ones are far from everything.
func distance(a, b string) int {
	if len(a) > 60 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
