#!/usr/bin/env python3
"""Fetches fine-tunings from Comptoir and trains them with TRL: LoRA on the base model of each job.

pip install trl peft datasets; TRAINER_TOKEN=cpw_… python3 trl_worker.py --url https://console.example.com
"""
import argparse, math, os, tarfile
from lessons import lessons
from pull_worker import run


def train(claim, options):
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import TrainerCallback
    from trl import SFTConfig, SFTTrainer

    asked, every, before = claim.told["hyperparameters"], max(1, claim.steps // 20), claim.kept
    rows, held = lessons(claim, "train"), lessons(claim, "valid")
    out = os.path.join(claim.folder, "out")

    class Reports(TrainerCallback):
        """Counts what TRL counts: tokens without padding, of this run."""
        seen, told, last = 0, 0, {}

        def on_step_end(self, args, state, control, **_):
            if state.global_step >= state.max_steps:
                control.should_save = True
            if claim.must_end():
                control.should_training_stop = True
            return control

        def on_log(self, args, state, control, logs=None, **_):
            logs = logs or {}
            if not math.isfinite(logs.get("loss", 0)):
                raise ArithmeticError("The loss is not a number any more.")
            self.seen = int(logs.get("num_tokens", self.seen))
            if state.global_step <= before:
                self.told = self.seen
            names = {"train_loss": "loss", "learning_rate": "learning_rate", "valid_loss": "eval_loss",
                     "valid_mean_token_accuracy": "eval_mean_token_accuracy"}
            found = {ours: float(logs[theirs]) for ours, theirs in names.items() if theirs in logs}
            self.last = {**self.last, **found}
            if found:
                claim.measured(state.global_step, **found)

        def on_save(self, args, state, control, **_):
            if state.global_step <= before:
                return
            file = os.path.join(claim.folder, "checkpoint.tar")
            with tarfile.open(file, "w") as tar:
                tar.add(os.path.join(out, f"checkpoint-{state.global_step}"), "checkpoint")
            claim.checkpoint(state.global_step, file, max(0, self.seen - self.told), **self.last)
            self.told = self.seen

    config = SFTConfig(
        output_dir=out, max_steps=claim.steps, seed=claim.told["seed"], data_seed=claim.told["seed"],
        per_device_train_batch_size=options.batch, gradient_accumulation_steps=8 // options.batch,
        learning_rate=asked["learning_rate"], weight_decay=asked["weight_decay"] or 0, lr_scheduler_type="cosine",
        warmup_steps=round(claim.steps * (asked["warmup_fraction"] or 0)), max_length=asked["seq_len"] or 2048,
        logging_steps=1, logging_nan_inf_filter=False, save_strategy="steps", save_steps=every, save_total_limit=2,
        eval_strategy="steps" if held else "no", eval_steps=every, report_to=[],
        bf16=torch.cuda.is_available() and torch.cuda.is_bf16_supported(),
    )
    trainer = SFTTrainer(
        model=claim.told["base_model"], args=config, callbacks=[Reports()],
        train_dataset=Dataset.from_list(rows), eval_dataset=Dataset.from_list(held) if held else None,
        peft_config=LoraConfig(r=16, lora_alpha=32, target_modules="all-linear", task_type="CAUSAL_LM"),
    )
    file, _ = claim.weights()
    if file:
        with tarfile.open(file) as tar:
            tar.extractall(claim.folder, filter="data")
    trainer.train(resume_from_checkpoint=os.path.join(claim.folder, "checkpoint") if file else None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--batch", type=int, choices=(1, 2, 4, 8), default=1, help="Samples at once; a step has 8.")
    run(train, parser)
