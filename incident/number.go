package incident

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// Number names an incident within the installation, from 1. It is a JSON
// number, shown INC-42.
type Number int64

// String is the form people see.
func (n Number) String() string { return fmt.Sprintf("INC-%d", int64(n)) }

// ReadNumber understands 42, INC-42 and inc-42; anything else is Malformed.
func ReadNumber(text string) (Number, error) {
	digits := text
	if len(text) > 4 && strings.EqualFold(text[:4], "INC-") {
		digits = text[4:]
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 1 || digits[0] == '+' {
		return 0, Refuse(Malformed, "", fmt.Sprintf("%.40q is no incident number: write 42 or INC-42", text))
	}
	return Number(n), nil
}

// UnmarshalText reads what ReadNumber understands: paths and flags.
func (n *Number) UnmarshalText(text []byte) error {
	read, err := ReadNumber(string(text))
	if err == nil {
		*n = read
	}
	return err
}

// UnmarshalJSON takes a number, or a text that ReadNumber understands.
func (n *Number) UnmarshalJSON(data []byte) error {
	var text string
	if len(data) == 0 || data[0] != '"' {
		return json.Unmarshal(data, (*int64)(n))
	}
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	read, err := ReadNumber(text)
	if err != nil {
		return Refuse(Invalid, "", err.Error())
	}
	*n = read
	return nil
}
