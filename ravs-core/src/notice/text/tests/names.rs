//! Whatever a name holds is text (R-N6).

use super::*;

/// What a host's texts link to; no name adds to it.
const OUR_OWN: [&str; 3] = [
    "https://www.ravs.england.nhs.uk/",
    "https://guide.ravs.england.nhs.uk/",
    "ravs.support@england.nhs.uk",
];

/// Whether a reader's program would make a link of some word.
fn has_a_link(text: &str) -> bool {
    let read = text.chars().filter(|c| !is_selector(*c));
    let read: String = read
        .map(|c| match c {
            '．' | '。' | '｡' | '﹒' | '․' => '.',
            '＠' | '﹫' => '@',
            '：' | '﹕' => ':',
            '／' | '⁄' | '∕' => '/',
            c => c,
        })
        .collect();
    read.split([' ', '\n', '(', ')', ',', '<', '>', '[', ']', '"']).any(|word| {
        let word = word.trim_end_matches(['.', ':', ';', '!', '?']);
        let labels: alloc::vec::Vec<_> = word.split('.').collect();
        let is_domain = labels.len() > 1
            && labels.iter().all(|l| !l.is_empty())
            && labels.last().is_some_and(|last| {
                last.chars().count() > 1 && last.chars().all(char::is_alphabetic)
            });
        is_domain || word.contains('@') || word.contains("://")
    })
}

/// Whether it chooses between forms of the character before it, and is not seen itself.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// The tags of a page.
fn tags(html: &str) -> vec::Vec<&str> {
    html.split('<').skip(1).map(|rest| rest.split_once('>').unwrap().0).collect()
}

// R-N6: text, never markup or links.
#[test]
fn hostile_names_come_out_as_plain_words() {
    let hostile = [
        "[click](https://evil.example)",
        "[click](evil.example)",
        "<script>alert(1)</script>",
        "<a href=\"https://evil.example/x\">click</a>",
        "Zoë\r\nBcc: all@evil.example\r\n\r\nBuy",
        "Zoë\u{2028}\u{2029}\u{85}\u{b}evil",
        "Zoë\u{202e}elpmaxe.live\u{202c}",
        "Zo\u{200b}\u{200f}\u{feff}\u{2060}\u{ad}ë",
        "evil.example",
        "EVIL.EXAMPLE/path?x=1",
        "evil.example.",
        "(evil.example)",
        "www.evil.example",
        "Dr.evil.example",
        "jo@evil.example",
        "mailto:jo@evil.example",
        "https://evil.example",
        "hxxp://evil",
        "javascript:alert(1)//evil.example",
        "a.evil.co.uk:8080",
        "\u{430}.\u{440}\u{444}",
        "x.co",
        "evil\u{3002}example",
        "jo\u{ff20}evil\u{ff0e}example",
        "https\u{ff1a}\u{ff0f}\u{ff0f}evil\u{ff61}example",
        "evil．example",
        "evil。example",
        "evil｡example",
        "evil﹒example",
        "evil․example",
        "ｅｖｉｌ．ｅｘａｍｐｌｅ",
        "jo＠evil．example",
        "jo﹫evil",
        "https：／／evil。example／x",
        "hxxp：／／evil",
        "evil\u{fe0f}.example",
        "evil.e\u{fe00}xample",
        "evil.\u{180b}example",
        "evil\u{17b4}.e\u{17b5}xample",
        "evil.e\u{e0100}xample\u{e01ef}",
        "cafe\u{301}.example",
        "i\u{2764}\u{fe0f}.example",
        "evil.e\u{301}e",
        "`code` **bold** __u__ # h | t \\",
    ];
    for name in hostile {
        let name: String = name.chars().take(50).collect();
        for notice in notices() {
            for account in [Account::ToBeActivated, Account::InUse] {
                let usual = usual(&notice, account);
                let email = written(&notice, account, &name, &name);
                assert_eq!(tags(&email.html), tags(&usual.html), "{name:?}: {}", email.html);
                let values = email.fields.iter().map(|field| field.value.clone());
                let mut parts: vec::Vec<_> = values.collect();
                parts.extend([email.subject.clone(), email.text.clone(), shown(&email.html)]);
                for mut part in parts {
                    for own in OUR_OWN {
                        part = part.replace(own, "");
                    }
                    for markup in ["://", "<", ">", "](", "`", "*", "_", "\\"] {
                        assert!(!part.contains(markup), "{name:?}: {markup} in {part}");
                    }
                    let seen = |c: char| {
                        !c.is_control()
                            && !is_selector(c)
                            && !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}'
                            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
                    };
                    assert!(part.chars().all(|c| c == '\n' || seen(c)), "{name:?}: {part:?}");
                    assert!(!has_a_link(&part), "{name:?}: a link in {part}");
                }
                for field in email.fields.iter().filter(|field| field.name.is_typed()) {
                    assert!(!field.value.contains('\n'), "{name:?}: {}", field.value);
                }
                assert!(!email.subject.contains('\n'));
                let lines = |text: &str| text.lines().count();
                assert_eq!(lines(&email.text), lines(&usual.text), "{name:?}: {}", email.text);
            }
        }
    }
}

// R-N6: an ordinary name is not touched.
#[test]
fn ordinary_names_come_out_as_they_are() {
    for name in [
        "Zoë O'Brien-Smith",
        "J. R. Smith",
        "J.R. Smith",
        "Dr. Ng",
        "ST. MARY'S HOSPITAL",
        "Boots (High St.), Leeds",
        "Day & Night Pharmacy No. 2",
        "李 小龙",
        "Anne-Marie",
        "1st Care",
        "10 High Street Surgery",
        "3.5 Mile Clinic",
        "J.E\u{301}. Ng",
        "St.’s",
        "李。",
        "王・小龙",
    ] {
        assert_eq!(plain(name), name);
        let email = written(&notices()[1], Account::InUse, name, name);
        assert!(email.text.starts_with(&format!("Dear {name},\n")));
        assert!(email.subject.contains(name));
    }
    assert_eq!(plain("  Zoë \t Ng  "), "Zoë Ng");
}

#[test]
fn addresses_in_a_name_come_apart() {
    let table = [
        ("https://evil.example", "https evil example"),
        ("see www.evil.example now", "see www evil example now"),
        ("jo@evil.example", "jo evil example"),
        ("[click](evil.example)", "click (evil example)"),
        ("<b>x</b>", "b x b"),
        ("evil\u{3002}example", "evil example"),
        ("jo\u{ff20}evil\u{ff0e}example", "jo evil example"),
        ("jo＠evil．example", "jo evil example"),
        ("https：／／evil。example", "https evil example"),
        ("evil\u{fe0f}.e\u{180b}xample", "evil example"),
        ("cafe\u{301}.example", "cafe\u{301} example"),
    ];
    let parts: vec::Vec<_> = table.iter().map(|(name, _)| plain(name)).collect();
    assert_eq!(parts, table.map(|(_, plain)| plain));
}

// R-N6: a line that begins with a name is no list, rule or inset in anybody's markup.
#[test]
fn a_name_begins_no_list() {
    let table = [
        ("- item", "item"),
        ("-item", "item"),
        ("+ item", "item"),
        ("* item", "item"),
        ("• item", "item"),
        ("^ inset", "inset"),
        ("--- rule", "rule"),
        ("- - - rule", "rule"),
        ("=== rule", "rule"),
        ("# heading", "heading"),
        ("> quote", "quote"),
        ("1. item", "1 item"),
        ("12) item", "12 item"),
        ("- 1. item", "1 item"),
        ("1.", "1"),
        ("---", ""),
    ];
    let parts: vec::Vec<_> = table.iter().map(|(name, _)| plain(name)).collect();
    assert_eq!(parts, table.map(|(_, plain)| plain));
}
