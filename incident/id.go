package incident

import (
	"encoding/binary"
	"regexp"
	"strconv"
	"strings"
)

const (
	idLength = 12
	ids      = 4738381338321616896 // 36^12, how many ids there are
)

var idPattern = regexp.MustCompile(`^[a-z0-9]{12}$`)

// NewID makes an id of 12 characters a-z0-9 from eight random bytes.
func NewID(random [8]byte) string {
	text := strconv.FormatUint(binary.BigEndian.Uint64(random[:])%ids, 36)
	return strings.Repeat("0", idLength-len(text)) + text
}

// IsID tells whether text has the form of an id.
func IsID(text string) bool { return idPattern.MatchString(text) }
