package store

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/debriefhq/debrief/incident"
)

// What a password may be, in bytes: NIST SP 800-63B asks for length, and for nothing about its characters.
const (
	shortestPassword = 12
	longestPassword  = 1024
)

// cost is what making one hash takes. It is kept beside each hash, so that it can be raised.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// today is the second recommended option of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes. It is above
// what the OWASP Password Storage Cheat Sheet asks for at least: 19 MiB, 2 passes, 1 lane.
var today = cost{memory: 64 << 10, passes: 3, threads: 4}

const (
	saltBytes = 16
	hashBytes = 32
	hashing   = 2                // hashes made at once, which bounds the memory: 128 MiB
	hashWait  = 10 * time.Second // for one's turn
)

// hashed is a password as it is kept, in PHC form: $argon2id$v=19$m=…,t=…,p=…$salt$hash.
type hashed string

func (c cost) hash(password string, salt []byte) hashed {
	sum := argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.threads, hashBytes)
	encode := base64.RawStdEncoding.EncodeToString
	return hashed(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads, encode(salt), encode(sum)))
}

// read takes a hash apart.
func (h hashed) read() (c cost, salt []byte, err error) {
	parts := strings.Split(string(h), "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, fmt.Errorf("a password is kept in a form that this version cannot read")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.passes, &c.threads); err != nil || c.passes < 1 || c.threads < 1 || c.memory > 4<<20 {
		return c, nil, fmt.Errorf("the cost of a kept password cannot be read: %q", parts[3])
	}
	salt, err = base64.RawStdEncoding.DecodeString(parts[4])
	return c, salt, err
}

// nobodys is compared with where there is no password, so that the answer takes as long.
var nobodys = hashed(fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$", argon2.Version, today.memory, today.passes, today.threads, strings.Repeat("A", 22)))

// hasher makes few hashes at once.
type hasher chan struct{}

func newHasher() hasher { return make(hasher, hashing) }

// turn waits until a hash may be made, and gives what must be called after.
func (h hasher) turn(ctx context.Context) (done func(), err error) {
	timeout := time.NewTimer(hashWait)
	defer timeout.Stop()
	select {
	case h <- struct{}{}:
		return func() { <-h }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timeout.C:
		return nil, &Wait{hashWait, incident.Refuse(incident.TooMany, "", "many people are signing in just now: try again in a moment")}
	}
}

// make hashes a password at today's cost.
func (h hasher) make(ctx context.Context, password string) (hashed, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	return today.hash(norm.NFC.String(password), salt), nil
}

// fits tells whether a password is the one that was hashed. It takes as long for those that are not.
func (h hasher) fits(ctx context.Context, kept hashed, password string) (bool, error) {
	c, salt, err := kept.read()
	if err != nil {
		return false, err
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, err
	}
	defer done()
	return subtle.ConstantTimeCompare([]byte(c.hash(norm.NFC.String(password), salt)), []byte(kept)) == 1, nil
}

// guessed are words that passwords are guessed from first, beside the person's name.
var guessed = []string{
	"debrief", "postmortem", "incident", "outage", "oncall", "password", "passwort", "passphrase", "admin", "secret", "welcome", "letmein", "iloveyou",
	"qwertyuiop", "qwertzuiop", "qwerty", "qwertz", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y", "1q2w3e4r", "1234567890", "123456789", "12345678", "0987654321", "987654321", "abcdefgh",
}

// leastLeft is how many different characters a password must have beside what is guessed first.
const leastLeft = 5

// checkPassword refuses what is too short or guessed first.
func checkPassword(password, name string) error {
	password = norm.NFC.String(password)
	switch n := len(password); {
	case !utf8.ValidString(password):
		return broken("/password", "holds bytes that are no text: type it anew")
	case n < shortestPassword:
		return broken("/password", fmt.Sprintf("is too short: take at least %d characters, such as four words that don’t belong together", shortestPassword))
	case n > longestPassword:
		return broken("/password", fmt.Sprintf("is too long: take at most %d bytes", longestPassword))
	}
	left := fold(password)
	words := strings.FieldsFunc(fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, word := range append(append([]string{fold(name)}, words...), guessed...) {
		if utf8.RuneCountInString(word) > 2 {
			left = strings.ReplaceAll(left, word, "")
		}
	}
	different := map[rune]bool{}
	for _, r := range left {
		different[r] = true
	}
	if len(different) < leastLeft {
		return broken("/password", "is guessed too easily: take one that is not made of your name, of common words or of few characters")
	}
	return nil
}
