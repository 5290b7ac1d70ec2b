//! Where messages of PostgreSQL's protocol end.

/// What a start-up message asks for before the real one: TLS, or GSSAPI.
const WRAPPINGS: [u32; 2] = [80_877_103, 80_877_104];

/// Follows what a client sends.
#[derive(Debug, Default)]
pub(super) struct Requests {
    started: bool,
    head: Vec<u8>,
    left: usize,
    ends: bool,
}

impl Requests {
    /// Whether the connection is past its start.
    pub(super) fn have_started(&self) -> bool {
        self.started
    }

    /// The positions in `bytes`, the next ones sent, after which a request is complete: a `Query`
    /// or a `Sync`, which the server answers with `ReadyForQuery`.
    pub(super) fn ends(&mut self, bytes: &[u8]) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.left > 0 {
                let step = self.left.min(bytes.len() - at);
                self.left -= step;
                at += step;
            } else {
                self.head.push(byte);
                at += 1;
                if !self.take_head() {
                    continue;
                }
            }
            if self.left == 0 && std::mem::take(&mut self.ends) {
                found.push(at);
            }
        }
        found
    }

    /// Reads the head of a message, where it is complete.
    fn take_head(&mut self) -> bool {
        if self.started {
            let [kind, length @ ..] = self.head.as_slice() else { return false };
            let Some(length) = number(length) else { return false };
            self.left = body(length, 4);
            self.ends = matches!(kind, b'Q' | b'S' | b'F');
        } else {
            let (Some(length), Some(code)) =
                (self.head.get(..4).and_then(number), self.head.get(4..).and_then(number))
            else {
                return false;
            };
            self.left = body(length, 8);
            self.started = !WRAPPINGS.contains(&code);
        }
        self.head.clear();
        true
    }
}

/// Follows what a server answers.
#[derive(Debug, Default)]
pub(super) struct Answers {
    started: bool,
    encrypted: bool,
    head: Vec<u8>,
    left: usize,
}

impl Answers {
    /// How many times the server says in `bytes`, the next ones sent, that it is ready for the
    /// next request.
    pub(super) fn ready(&mut self, bytes: &[u8]) -> u64 {
        let mut found = 0;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if self.encrypted {
                break;
            }
            if self.left > 0 {
                let step = self.left.min(bytes.len() - at);
                self.left -= step;
                at += step;
                continue;
            }
            at += 1;
            if !self.started {
                // One byte answers whether the connection is to be wrapped; no message is that.
                match byte {
                    b'N' => continue,
                    b'S' | b'G' => self.encrypted = true,
                    _ => self.started = true,
                }
            }
            self.head.push(byte);
            if let [kind, length @ ..] = self.head.as_slice()
                && let Some(length) = number(length)
            {
                // Its body says only in which state, and follows in the same breath.
                found += u64::from(*kind == b'Z');
                self.left = body(length, 4);
                self.head.clear();
            }
        }
        found
    }
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.try_into().ok().map(u32::from_be_bytes)
}

/// How long the body is: the length counts itself too.
fn body(length: u32, head: usize) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX).saturating_sub(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[kind], length.to_be_bytes().as_slice(), body].concat()
    }

    fn startup(code: u32, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 8).unwrap();
        [&length.to_be_bytes(), code.to_be_bytes().as_slice(), body].concat()
    }

    #[test]
    fn requests_end_with_a_query_or_a_sync_however_the_bytes_arrive() {
        let parts = [
            startup(80_877_103, b""),
            startup(196_608, b"user\0me\0\0"),
            message(b'p', b"secret\0"),
            message(b'Q', b"BEGIN\0"),
            message(b'P', b"S\0QS\0\0\0"),
            message(b'E', b"\0\0\0\0\0"),
            message(b'S', b""),
            message(b'X', b""),
        ];
        let expected = [4, 7].map(|count| parts[..count].concat().len());
        let all = parts.concat();
        for size in 1..=all.len() {
            let mut requests = Requests::default();
            let found: Vec<usize> = all
                .chunks(size)
                .enumerate()
                .flat_map(|(index, chunk)| {
                    requests.ends(chunk).into_iter().map(move |end| index * size + end)
                })
                .collect();
            assert_eq!(found, expected, "in chunks of {size}");
        }
    }

    #[test]
    fn answers_are_counted_however_the_bytes_arrive() {
        let parts = [
            b"N".to_vec(),
            message(b'R', &[0; 4]),
            message(b'Z', b"I"),
            message(b'D', b"ZZZZZ"),
            message(b'C', b"COMMIT\0"),
            message(b'Z', b"I"),
        ];
        let all = parts.concat();
        for size in 1..=all.len() {
            let mut answers = Answers::default();
            let ready: u64 = all.chunks(size).map(|chunk| answers.ready(chunk)).sum();
            assert_eq!(ready, 2, "in chunks of {size}");
        }
    }

    #[test]
    fn nothing_is_read_out_of_what_is_encrypted() {
        let mut answers = Answers::default();
        assert_eq!(answers.ready(&[b"S".as_slice(), &message(b'Z', b"I")].concat()), 0);
    }
}
