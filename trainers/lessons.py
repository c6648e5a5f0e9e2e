"""What the lines of a data set teach."""
import json, random


class Faulty(Exception):
    """The data teach nothing. The customer is told so, and pays for what was kept."""


def lessons(claim, kind):
    """Each answer that counts, after all that was said before it; files of a weight as often as it says."""
    rows, lines, wrong = [], 0, 0
    for at, (file, weight) in enumerate(claim.data(kind)):
        with open(file, encoding="utf-8-sig") as data:
            for line, text in enumerate(data):
                if not text.strip():
                    continue
                lines += 1
                try:
                    found = lessons_of(json.loads(text))
                except (ValueError, KeyError, TypeError, AttributeError):
                    wrong += 1
                    continue
                is_one_more = random.Random(f"{claim.told['seed']} {at} {line}").random() < weight % 1
                rows += found * (int(weight) + is_one_more)
    if wrong > claim.told["skip_share"] * lines:
        raise Faulty(f"{wrong} of {lines} lines are wrong.")
    if kind == "train" and not rows:
        raise Faulty("There is no answer to learn from in the training files.")
    return rows


def lessons_of(sample):
    if "text" in sample:
        return [{"text": sample["text"]}]
    tools = sample.get("tools") or sample.get("available_tools") or []
    said = sample.get("messages") or sample["interactions"]
    said = [{**one, "content": one.get("content") or one.get("text") or ""} for one in said]
    answers = [at for at, one in enumerate(said) if is_learned(one)]
    asked = {"tools": tools} if tools else {}
    return [{"prompt": said[:at], "completion": [said[at]], **asked} for at in (answers[-1:] if tools else answers)]


def is_learned(one):
    says_something = one["content"].strip() != "" or bool(one.get("tool_calls"))
    return one["role"] == "assistant" and one.pop("weight", 1) > 0 and says_something
