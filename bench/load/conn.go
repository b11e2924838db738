package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"golang.org/x/net/http2/hpack"
)

const (
	preface       = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	defaultWindow = 65_535
	ourWindow     = 1 << 30
	maxFrame      = 16_384
)

// call is one Check: what of its message is still to be sent, and what came back.
type call struct {
	due     time.Time
	headers []hpack.HeaderField
	rest    []byte
	window  int
	answer  []byte
	status  string
	isReset bool
}

// conn is one HTTP/2 connection, as little of it as a gRPC client of one method needs. Its own code rather than a library's, since a
// load generator on one core has to be cheaper than any server that it measures.
type conn struct {
	mutex    sync.Mutex
	socket   net.Conn
	out      bytes.Buffer
	encoder  *hpack.Encoder
	block    bytes.Buffer
	decoder  *hpack.Decoder
	headers  bytes.Buffer
	current  *call
	calls    map[uint32]*call
	queued   []*call
	blocked  []uint32
	messages []message
	next     int
	nextID   uint32
	// What the peer allows.
	window, initialWindow, maxStreams int
	received                          int
	open, stopped, endsStream         bool
	target                            string
	// Where the outcome of a call is told: grpc-status, or :status of plain HTTP.
	statusField string
	record      *recorder
}

func dial(o options, record *recorder, messages []message, number int) (*conn, error) {
	socket, err := net.Dial("tcp", o.target)
	if err != nil {
		return nil, err
	}
	c := &conn{
		socket: socket, record: record, messages: messages, target: o.target, open: o.rate > 0, nextID: 1,
		// Connections begin at different messages, so that they do not send the same one at a time.
		next:  number * len(messages) / o.connections,
		calls: make(map[uint32]*call), window: defaultWindow, initialWindow: defaultWindow, maxStreams: 1 << 30,
		statusField: "grpc-status",
	}
	if o.http {
		c.statusField = ":status"
	}
	c.encoder = hpack.NewEncoder(&c.block)
	c.decoder = hpack.NewDecoder(4096, c.field)
	c.out.WriteString(preface)
	c.frame(frameSettings, 0, 0, 6)
	c.out.Write([]byte{0, settingInitialWindow})
	c.uint32(ourWindow)
	c.frame(frameWindowUpdate, 0, 0, 4)
	c.uint32(ourWindow)
	return c, c.flush()
}

// fill starts a closed loop with this many calls in flight.
func (c *conn) fill(streams int) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for range streams {
		c.start(time.Now())
	}
	c.flush()
}

// call sends one call of an open loop.
func (c *conn) call(due time.Time) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.start(due)
	c.flush()
}

// stop ends a closed loop: what is answered is not followed by another call.
func (c *conn) stop() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.stopped = true
}

func (c *conn) unanswered() int {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return len(c.calls) + len(c.queued)
}

// read handles what the server sends until the connection is closed. All that has arrived is handled before anything is written, so that
// many calls share a system call on both sides.
func (c *conn) read() error {
	in := bufio.NewReaderSize(c.socket, 1<<17)
	var head [9]byte
	payload := make([]byte, maxFrame)
	for {
		if _, err := io.ReadFull(in, head[:]); err != nil {
			return c.ended(err)
		}
		length := int(head[0])<<16 | int(head[1])<<8 | int(head[2])
		if length > maxFrame {
			return fmt.Errorf("%s sent a frame of %d bytes", c.target, length)
		}
		if _, err := io.ReadFull(in, payload[:length]); err != nil {
			return c.ended(err)
		}
		c.mutex.Lock()
		err := c.handle(head[3], head[4], binary.BigEndian.Uint32(head[5:])&0x7fffffff, payload[:length])
		if err == nil && in.Buffered() == 0 {
			err = c.flush()
		}
		c.mutex.Unlock()
		if err != nil {
			return c.ended(err)
		}
	}
}

// ended is no error once we have stopped, since then we close the connection ourselves.
func (c *conn) ended(err error) error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.stopped {
		return nil
	}
	return fmt.Errorf("the connection to %s ended: %w", c.target, err)
}

// start begins the next call, or queues it while the peer allows no more of them.
func (c *conn) start(due time.Time) {
	next := c.messages[c.next]
	started := &call{due: due, headers: next.headers, rest: next.body}
	c.next = (c.next + 1) % len(c.messages)
	if len(c.calls) >= c.maxStreams {
		c.queued = append(c.queued, started)
		return
	}
	c.send(started)
}

func (c *conn) send(started *call) {
	id := c.nextID
	c.nextID += 2
	started.window = c.initialWindow
	c.calls[id] = started
	c.block.Reset()
	for _, field := range started.headers {
		c.encoder.WriteField(field)
	}
	flags := byte(flagEndHeaders)
	if len(started.rest) == 0 {
		flags |= flagEndStream
	}
	c.frame(frameHeaders, flags, id, c.block.Len())
	c.out.Write(c.block.Bytes())
	c.sendBody(id, started)
}

// sendBody sends what the windows allow of a message; the rest waits for the peer to widen them.
func (c *conn) sendBody(id uint32, sending *call) {
	for len(sending.rest) > 0 {
		size := min(len(sending.rest), sending.window, c.window, maxFrame)
		if size <= 0 {
			c.blocked = append(c.blocked, id)
			return
		}
		flags := byte(0)
		if size == len(sending.rest) {
			flags = flagEndStream
		}
		c.frame(frameData, flags, id, size)
		c.out.Write(sending.rest[:size])
		sending.rest = sending.rest[size:]
		sending.window -= size
		c.window -= size
	}
}

func (c *conn) resume() {
	blocked := c.blocked
	c.blocked = nil
	for _, id := range blocked {
		if waiting, ok := c.calls[id]; ok {
			c.sendBody(id, waiting)
		}
	}
}

// finished records a call, and in a closed loop begins the next.
func (c *conn) finished(id uint32, done *call) {
	delete(c.calls, id)
	now := time.Now()
	c.record.answered(done.due, now, c.open, c.record.problemOf(done))
	if len(c.queued) > 0 {
		first := c.queued[0]
		c.queued = c.queued[1:]
		c.send(first)
	} else if !c.open && !c.stopped {
		c.start(now)
	}
}

func (c *conn) frame(kind, flags byte, id uint32, length int) {
	c.out.Write([]byte{byte(length >> 16), byte(length >> 8), byte(length), kind, flags})
	c.uint32(id)
}

func (c *conn) uint32(value uint32) {
	var bytes [4]byte
	binary.BigEndian.PutUint32(bytes[:], value)
	c.out.Write(bytes[:])
}

func (c *conn) flush() error {
	if c.out.Len() == 0 {
		return nil
	}
	_, err := c.socket.Write(c.out.Bytes())
	c.out.Reset()
	return err
}
