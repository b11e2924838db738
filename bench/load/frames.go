package main

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/net/http2/hpack"
)

// Frame types, flags and settings of RFC 9113.
const (
	frameData         = 0
	frameHeaders      = 1
	frameReset        = 3
	frameSettings     = 4
	framePing         = 6
	frameGoAway       = 7
	frameWindowUpdate = 8
	frameContinuation = 9

	flagAck        = 1
	flagEndStream  = 1
	flagEndHeaders = 4
	flagPadded     = 8
	flagPriority   = 32

	settingMaxStreams    = 3
	settingInitialWindow = 4
)

func (c *conn) handle(kind, flags byte, id uint32, payload []byte) error {
	switch kind {
	case frameData:
		return c.data(flags, id, payload)
	case frameHeaders, frameContinuation:
		return c.headerBlock(kind, flags, id, payload)
	case frameReset:
		if reset, ok := c.calls[id]; ok {
			reset.isReset = true
			c.finished(id, reset)
		}
	case frameSettings:
		c.settings(flags, payload)
	case framePing:
		if flags&flagAck == 0 {
			c.frame(framePing, flagAck, 0, len(payload))
			c.out.Write(payload)
		}
	case frameGoAway:
		return fmt.Errorf("GOAWAY with error %d: %s", binary.BigEndian.Uint32(payload[4:]), payload[8:])
	case frameWindowUpdate:
		c.widen(id, int(binary.BigEndian.Uint32(payload)&0x7fffffff))
	}
	return nil
}

func (c *conn) data(flags byte, id uint32, payload []byte) error {
	c.received += len(payload)
	if c.received >= ourWindow/2 {
		c.frame(frameWindowUpdate, 0, 0, 4)
		c.uint32(uint32(c.received))
		c.received = 0
	}
	answered, ok := c.calls[id]
	if !ok {
		return nil
	}
	if flags&flagPadded != 0 {
		payload = payload[1 : len(payload)-int(payload[0])]
	}
	answered.answer = append(answered.answer, payload...)
	if flags&flagEndStream != 0 {
		c.finished(id, answered)
	}
	return nil
}

func (c *conn) headerBlock(kind, flags byte, id uint32, payload []byte) error {
	if kind == frameHeaders {
		c.headers.Reset()
		if flags&flagPadded != 0 {
			payload = payload[1 : len(payload)-int(payload[0])]
		}
		if flags&flagPriority != 0 {
			payload = payload[5:]
		}
		c.current = c.calls[id]
		c.endsStream = flags&flagEndStream != 0
	}
	c.headers.Write(payload)
	if flags&flagEndHeaders == 0 {
		return nil
	}
	// The decoder's table has to see every block, also those of calls that are gone.
	if _, err := c.decoder.Write(c.headers.Bytes()); err != nil {
		return err
	}
	if err := c.decoder.Close(); err != nil {
		return err
	}
	if c.current != nil && c.endsStream {
		c.finished(id, c.current)
	}
	c.current = nil
	return nil
}

func (c *conn) field(field hpack.HeaderField) {
	if c.current != nil && field.Name == c.statusField {
		c.current.status = field.Value
	}
}

func (c *conn) settings(flags byte, payload []byte) {
	if flags&flagAck != 0 {
		return
	}
	for ; len(payload) >= 6; payload = payload[6:] {
		value := int(binary.BigEndian.Uint32(payload[2:]))
		switch binary.BigEndian.Uint16(payload) {
		case settingMaxStreams:
			c.maxStreams = value
		case settingInitialWindow:
			for _, open := range c.calls {
				open.window += value - c.initialWindow
			}
			c.initialWindow = value
		}
	}
	c.frame(frameSettings, flagAck, 0, 0)
	c.resume()
}

func (c *conn) widen(id uint32, by int) {
	if id == 0 {
		c.window += by
	} else if open, ok := c.calls[id]; ok {
		open.window += by
	}
	c.resume()
}
