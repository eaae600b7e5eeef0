package bench

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// The words that searches are measured with stand in no other text. How many records hold one is known from the seed.
var (
	commonWords = []string{"latency", "saturation", "rollback"}                                  // in 22% of the records each
	knownWords  = []string{"failover", "certificate", "throttling", "partitioned", "throughput"} // in 2.5% each
)

const (
	commonShare = 220 // thousandths
	knownShare  = 25
	rareShare   = 4 // records that name the same host, whose name is a word of its own
	vocabulary  = 12_000
)

// Words that texts are made of, the most usual first.
var (
	plainWords = strings.Fields(`the queue workers requests replicas primary database cache nodes traffic customers logs errors
		retries connections backlog configuration service cluster load deploy alerts dashboard memory disk network pool
		timeouts job scheduler index migration region gateway proxy broker topic consumer producer lock thread heap garbage
		token session cookie header payload schema table row column shard bucket object file volume mount kernel driver
		image container pod host rack switch router firewall tunnel dns record zone resolver client library version release
		branch commit build pipeline artifact registry secret key policy quota limit budget graph metric counter gauge
		histogram percentile trace span sample batch stream window snapshot backup restore archive replica leader follower
		election quorum heartbeat lease fence epoch offset cursor page request response handler endpoint webhook callback
		invoice balance charge refund card ledger account plan usage report export import mailbox message template locale`)
	verbs    = strings.Fields(`grew fell stalled recovered restarted drained doubled flapped froze leaked lagged spiked vanished looped backed halted`)
	services = strings.Fields(`billing checkout search mail ingest accounts uploads reports gateway notifications webhooks media sessions
		inventory ledger exports imports scheduler console metrics`)
	components = []string{"Web", "API", "Billing", "Search", "Mail", "Uploads", "Reports", "Sign-in", "Webhooks", "Exports", "Voice", "SMS", "Dashboards",
		"Admin console", "Mobile app", "Data import", "Payments", "Invoices", "Notifications", "Media", "Status page", "Batch jobs", "Documentation",
		"Partner API", "Streaming", "Backups", "DNS", "CDN", "Queues", "Audit log"}
	firstNames  = strings.Fields(`Ana Bo Chidi Dana Eli Femi Gita Hugo Ines Jonas Kemi Lars Mira Noor Otto Pia Quinn Rosa Sven Tara Uma Viktor Wen Ximena Yara Zoe`)
	lastNames   = strings.Fields(`Adeyemi Berg Costa Dahl Ek Ferrari Gupta Haddad Ito Jansen Kowalski Lindqvist Moreau Novak Okafor Petrov Rossi Silva Tanaka Ueda`)
	factorSorts = strings.Fields(`process configuration capacity deployment dependency monitoring testing design people hardware`)
	zones       = []string{"UTC", "UTC", "America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "America/New_York"}
)

// syllables spell out numbers, so that what stands for one is a word.
var syllables = func() (all []string) {
	for _, c := range "bdfgklmnprstvz" {
		for _, v := range "aeiou" {
			all = append(all, string(c)+string(v))
		}
	}
	return all
}()

// spelled writes a number as a word that no other number has.
func spelled(n int) string {
	var b strings.Builder
	for range 5 {
		_, _ = b.WriteString(syllables[n%len(syllables)]) // a builder never fails
		n /= len(syllables)
	}
	return b.String()
}

// lexicon are the words of texts by their rank: those of the trade, then made up ones.
func lexicon(seed uint64) []string {
	words := slices.Clone(plainWords)
	r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // the same words for the same seed
	for len(words) < vocabulary {
		word := ""
		for range 2 + r.IntN(2) {
			word += syllables[r.IntN(len(syllables))]
		}
		words = append(words, word+[]string{"", "n", "r", "s", "x"}[r.IntN(5)])
	}
	return words
}

// mix makes 64 bits of its arguments that look drawn at random (splitmix64).
func mix(seed uint64, n, purpose int) uint64 {
	z := seed + uint64(n)*0x9e3779b97f4a7c15 + uint64(purpose)*0xd1b54a32d192ed03 //nolint:gosec // neither is negative
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
